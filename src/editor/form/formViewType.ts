/** The view type of forms. It also appears in `activationEvents` in the manifest. */
export const formViewType = 'magicHour.form';

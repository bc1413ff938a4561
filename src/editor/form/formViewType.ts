/** The view type of the form, also named by `activationEvents` in the manifest. */
export const formViewType = 'magicHour.form';

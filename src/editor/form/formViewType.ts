/** The view type of the form; `activationEvents` in the manifest names it too. */
export const formViewType = 'magicHour.form';

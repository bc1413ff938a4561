import type { ComponentChildren } from 'preact';
import { Icon } from '../icon.tsx';

/** A control's texts, which screen readers read along with the control. */
export interface FieldText {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Shown below the control, for example to say what a choice changed. */
  readonly note?: string | undefined;
  readonly problem?: string | undefined;
}

/** Joins the IDs that are present, for `aria-describedby`. */
export const idList = (...ids: readonly (string | undefined | false)[]): string | undefined =>
  ids.filter(Boolean).join(' ') || undefined;

/** The attributes that tie a control to its texts in {@link Field}. */
export const controlAttributes = (id: string, { hint, note, problem }: FieldText) => ({
  id,
  'aria-invalid': problem ? ('true' as const) : undefined,
  'aria-describedby': idList(hint && `${id}-hint`, note && `${id}-note`, problem && `${id}-problem`),
  'data-problem': problem ? '' : undefined,
});

interface FieldProps {
  /** ID of the control. */
  readonly id: string;
  readonly text: FieldText;
  /** Whether the problem is shown elsewhere, in a separate {@link Problem}. */
  readonly problemElsewhere?: boolean;
  readonly children?: ComponentChildren;
}

export function Field({ id, text, problemElsewhere, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id} id={`${id}-label`} class="label">
        {text.label}
      </label>
      {text.hint && (
        <div class="hint" id={`${id}-hint`}>
          {text.hint}
        </div>
      )}
      {children}
      {text.note && (
        <div class="note" id={`${id}-note`}>
          {text.note}
        </div>
      )}
      {!problemElsewhere && <Problem id={`${id}-problem`} text={text.problem} />}
    </div>
  );
}

interface ProblemProps {
  readonly id?: string;
  readonly role?: 'alert';
  readonly text: string | undefined;
}

/** The icon makes sure that color isn't the only sign of a problem. */
export const Problem = ({ id, role, text }: ProblemProps) => (
  <div class="problem" id={id} role={role} hidden={!text}>
    <Icon name="error" />
    <span>{text}</span>
  </div>
);

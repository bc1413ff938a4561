import { Accounts } from './accounts.ts';
import { applyChange, defaultBehavior } from './behavior.ts';
import type { Behavior, BehaviorChange } from './behavior.ts';
import { Clock } from './clock.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { Projects } from './projects.ts';
import { Signatures } from './signatures.ts';
import { Uploads } from './uploads.ts';

/** The state of a fake API, shared by both origins and the control. */
export class State {
  readonly clock: Clock = new Clock();
  readonly behavior: Behavior = defaultBehavior();
  readonly accounts: Accounts = new Accounts();
  readonly uploads: Uploads = new Uploads();
  readonly signatures: Signatures = new Signatures(this.clock);
  readonly projects: Projects = new Projects(this.clock, this.behavior, this.signatures);
  readonly journal: Journal = new Journal();
  readonly faults: Faults = new Faults();
  readonly #initial: BehaviorChange;

  constructor(initial: BehaviorChange = {}) {
    this.#initial = initial;
    applyChange(this.behavior, initial);
  }

  /** Resets everything and releases held requests. */
  reset(): void {
    this.faults.reset();
    this.clock.reset();
    applyChange(this.behavior, defaultBehavior());
    applyChange(this.behavior, this.#initial);
    this.accounts.reset();
    this.uploads.reset();
    this.projects.reset();
    this.journal.reset();
  }
}

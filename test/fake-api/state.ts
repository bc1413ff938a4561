import { Accounts } from './accounts.ts';
import { applyChange, defaultBehaviour } from './behaviour.ts';
import type { Behaviour, BehaviourChange } from './behaviour.ts';
import { Clock } from './clock.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { Projects } from './projects.ts';
import { Signatures } from './signatures.ts';
import { Uploads } from './uploads.ts';

/** The state of a fake API, shared by both origins and the control. */
export class State {
  readonly clock: Clock = new Clock();
  readonly behaviour: Behaviour = defaultBehaviour();
  readonly accounts: Accounts = new Accounts();
  readonly uploads: Uploads = new Uploads();
  readonly signatures: Signatures = new Signatures(this.clock);
  readonly projects: Projects = new Projects(this.clock, this.behaviour, this.signatures);
  readonly journal: Journal = new Journal();
  readonly faults: Faults = new Faults();
  readonly #initial: BehaviourChange;

  constructor(initial: BehaviourChange = {}) {
    this.#initial = initial;
    applyChange(this.behaviour, initial);
  }

  /** Resets everything and releases held requests. */
  reset(): void {
    this.faults.reset();
    this.clock.reset();
    applyChange(this.behaviour, defaultBehaviour());
    applyChange(this.behaviour, this.#initial);
    this.accounts.reset();
    this.uploads.reset();
    this.projects.reset();
    this.journal.reset();
  }
}

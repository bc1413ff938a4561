import type * as vscode from 'vscode';
import type { AssetSource } from '../shared/asset.ts';
import { sourceKey, type Preset } from '../shared/protocol.ts';

const recentLimit = 10;
const recentToolLimit = 4;

/** Keeps each tool's last values and presets, and recent inputs and tools, between sessions. */
export class UserState {
  readonly #global: vscode.Memento;
  readonly #workspace: vscode.Memento;

  constructor(global: vscode.Memento, workspace: vscode.Memento) {
    this.#global = global;
    this.#workspace = workspace;
  }

  lastValues(tool: string): Readonly<Record<string, string>> {
    return this.#global.get(`values.${tool}`, {});
  }

  /** Remembers all values except the name, which belongs to a single job. */
  async rememberValues(tool: string, values: Readonly<Record<string, string>>): Promise<void> {
    const { name: _, ...kept } = values;
    await this.#global.update(`values.${tool}`, kept);
  }

  presets(tool: string): readonly Preset[] {
    return this.#global.get(`presets.${tool}`, []);
  }

  async savePreset(tool: string, preset: Preset): Promise<void> {
    const { name: _, ...values } = preset.values;
    const others = this.presets(tool).filter(each => each.name !== preset.name);
    const presets = [...others, { name: preset.name, values }];
    await this.#global.update(
      `presets.${tool}`,
      presets.toSorted((a, b) => a.name.localeCompare(b.name)),
    );
  }

  async deletePreset(tool: string, name: string): Promise<void> {
    await this.#global.update(
      `presets.${tool}`,
      this.presets(tool).filter(each => each.name !== name),
    );
  }

  /** Whether there has ever been a job. If not, the jobs view stays hidden. */
  get hadJobs(): boolean {
    return this.#global.get('hadJobs', false);
  }

  async rememberJobs(): Promise<void> {
    await this.#global.update('hadJobs', true);
  }

  /** Tools with at least one saved result, which completes their walkthrough step. */
  get createdTools(): readonly string[] {
    return this.#global.get('made', []);
  }

  async rememberCreated(tool: string): Promise<void> {
    await this.#global.update('made', [...new Set([...this.createdTools, tool])]);
  }

  /** The IDs of recently used tools, starting with the latest. */
  get recentTools(): readonly string[] {
    return this.#global.get('recentTools', []);
  }

  async addRecentTool(tool: string): Promise<void> {
    const others = this.recentTools.filter(id => id !== tool);
    await this.#global.update('recentTools', [tool, ...others].slice(0, recentToolLimit));
  }

  get recent(): readonly AssetSource[] {
    return this.#workspace.get('recent', []);
  }

  async addRecent(sources: readonly AssetSource[]): Promise<void> {
    const keys = new Set(sources.map(sourceKey));
    const kept = this.recent.filter(source => !keys.has(sourceKey(source)));
    await this.#workspace.update('recent', [...sources, ...kept].slice(0, recentLimit));
  }
}

import { createHook, executionAsyncId } from 'node:async_hooks';

/** The extension's timers, watchers, and sockets that are still alive, as `<type> <where>`. */
export interface ResourceWatch {
  alive(): string[];
  stop(): void;
}

const watched = /^(Timeout|Immediate|FSEVENTWRAP|FSEVENT|STATWATCHER|TCPWRAP|TLSWRAP|PIPEWRAP|PROCESSWRAP)$/;

/** Tracks the timers, watchers, and sockets that the extension's code creates from now on. */
export function watchResources(): ResourceWatch {
  const made = new Map<number, string>();
  // A resource created in one of the extension's callbacks may not have the extension on its stack, so
  // resources created by tracked resources are tracked, too.
  const lineage = new Set<number>();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const hook = createHook({
    init(id, type, trigger) {
      if (!watched.test(type)) return;
      const frame = new Error('made here').stack
        ?.split('\n')
        .find(line => /\/dist\/(extension|chunks\/)/.test(line));
      if (!frame && !lineage.has(trigger) && !lineage.has(executionAsyncId())) return;
      lineage.add(id);
      made.set(id, `${type} ${frame?.trim() ?? 'in a callback of ours'}`);
    },
    destroy: id => void made.delete(id),
  }).enable();
  return {
    alive: () => [...made.values()],
    stop: () => {
      hook.disable();
      Error.stackTraceLimit = limit;
    },
  };
}

import type { Account } from './accounts.ts';
import type { Behavior } from './behavior.ts';
import { clipLimits, priceOf, UPLOAD_URLS_BODY } from './catalogue.ts';
import type { CreateBody, Tool } from './catalogue.ts';
import { checkFile } from './files.ts';
import { EXTENSIONS } from './formats.ts';
import type { AssetType } from './formats.ts';
import type { Project } from './projects.ts';
import { emptyReply, jsonReply, Refusal } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Route } from './routes.ts';
import { ruleFaults } from './rules.ts';
import { fileFields, shapeFaults } from './shape.ts';
import type { ObjectShape } from './shape.ts';
import type { State } from './state.ts';

/** Responds to a request to the API. `body` is the parsed JSON, or undefined for methods without a body. */
export function answer(state: State, route: Route, account: Account, body: unknown): Reply {
  if (route.tool) return create(state, route.tool, account, body);
  switch (route.operation) {
    case 'account':
      return getAccount(state, account);
    case 'uploadUrls':
      return uploadUrls(state, account, body);
    case 'imageProject':
    case 'videoProject':
    case 'audioProject':
      return getProject(state, route, account);
    case 'deleteImageProject':
    case 'deleteVideoProject':
    case 'deleteAudioProject':
      return deleteProject(state, route, account);
    default:
      throw new Refusal(404, 'Not Found', { violation: 'unknown-route' });
  }
}

function getAccount(state: State, account: Account): Reply {
  state.projects.unfinished();
  const { id, email, tier, credits } = account;
  return jsonReply(200, { id, email, tier, credits, subscription: null });
}

function uploadUrls(state: State, account: Account, body: unknown): Reply {
  checkShape(UPLOAD_URLS_BODY, body);
  const { items } = body as { items: { type: AssetType; extension: string }[] };
  for (const { type, extension } of items) {
    if (EXTENSIONS[type].includes(extension)) continue;
    const possible = EXTENSIONS[type].join(', ');
    const message = `'${extension}' is an invalid ${type} extension. Possible extensions are '${possible}'`;
    throw new Refusal(422, message, { violation: 'wrong-extension' });
  }
  const targets = items.map(({ type, extension }) => {
    const upload = state.uploads.reserve(account, type, extension);
    const signed = state.signatures.sign(`/${upload.filePath}`, state.behavior.uploadUrlMs);
    return {
      upload_url: signed.url,
      expires_at: state.clock.iso(signed.expiresAt),
      file_path: upload.filePath,
    };
  });
  return jsonReply(200, { items: targets });
}

function create(state: State, tool: Tool, account: Account, unchecked: unknown): Reply {
  checkShape(tool.body, unchecked);
  const body = unchecked as Project['body'];
  checkRules(tool, account, body);
  if ('start_seconds' in tool.body.properties) checkClip(tool, body, state.behavior);
  const files = fileFields(tool.body, body);
  const seeds = files.map(file => checkFile(state, account, file));
  const price = priceOf(tool, body);
  state.projects.unfinished();
  if (account.credits < price.estimate) throw new Refusal(402, 'Payment required');
  const project = state.projects.create(tool, account, body, price, seeds.join(' '));
  state.journal.seen('projects', state.projects.unfinished().length);
  const cost = project.charged;
  const oldNames = { image: { frame_cost: cost }, video: { estimated_frame_cost: cost }, audio: {} };
  return jsonReply(200, { id: project.id, credits_charged: cost, ...oldNames[tool.kind] });
}

function checkRules(tool: Tool, account: Account, body: unknown): void {
  const [fault] = ruleFaults(tool.facts, body, account.tier);
  if (!fault) return;
  const isAbovePlan = fault.kind === 'above-plan';
  throw new Refusal(isAbovePlan ? 402 : 400, fault.message, {
    violation: fault.kind,
    ...(isAbovePlan && { code: 'plan_upgrade_required' }),
  });
}

function checkClip(tool: Tool, body: CreateBody, behavior: Behavior): void {
  const { start_seconds: start = 0, end_seconds: end = 0 } = body;
  if (end <= start) {
    throw new Refusal(400, 'end_seconds must be greater than start_seconds', { violation: 'clip-order' });
  }
  const length = end - start;
  const { shortest, longest, documented } = clipLimits(tool, body, behavior.clipLimits);
  if (length < shortest - 1e-6)
    throw new Refusal(422, `The clip must be at least ${shortest} seconds long`, {
      violation: 'clip-length',
    });
  if (length <= longest + 1e-6) return;
  // A client can't know a limit that changed after the client's release, but it should apply the documented one.
  const violation = length > documented + 1e-6 ? 'clip-length' : undefined;
  throw new Refusal(422, `The clip must be at most ${longest} seconds long`, { violation });
}

function getProject(state: State, route: Route, account: Account): Reply {
  const project = findProject(state, route, account);
  if (project.deleted && state.behavior.afterDelete === 'notFound') throw new Refusal(404, 'Not Found');
  return jsonReply(200, state.projects.wire(project));
}

function deleteProject(state: State, route: Route, account: Account): Reply {
  const project = findProject(state, route, account);
  if (project.deleted) throw new Refusal(404, 'Not Found');
  state.projects.delete(project);
  return emptyReply(204);
}

/** Finds only projects of this account and of the kind in the path. */
function findProject(state: State, route: Route, account: Account): Project {
  const project = state.projects.find(route.projectId ?? '');
  if (!project || project.account !== account || project.tool.kind !== route.kind) {
    throw new Refusal(404, 'Not Found');
  }
  return project;
}

function checkShape(shape: ObjectShape, body: unknown): void {
  const [fault] = shapeFaults(shape, body);
  if (fault) throw new Refusal(400, fault.message, { violation: fault.kind });
}

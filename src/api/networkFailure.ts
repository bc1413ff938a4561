import type { StringKey } from '../shared/strings/index.ts';

export interface NetworkFailure {
  readonly key: StringKey;
  readonly transient: boolean;
  /** The error code of the cause, for `{code}`. */
  readonly code: string | undefined;
  /** The status of a proxy's refusal, for `{status}`. */
  readonly proxyStatus?: number;
}

/** A call exceeded our limit for its total time. undici only limits the parts of a call. */
export class DeadlineError extends Error {
  readonly code = 'DEADLINE';
}

const keys: Readonly<Record<string, StringKey>> = {
  ENOTFOUND: 'api.network.nameUnknown',
  EAI_AGAIN: 'api.network.nameUnknown',
  ENETUNREACH: 'api.network.offline',
  ENETDOWN: 'api.network.offline',
  EHOSTUNREACH: 'api.network.offline',
  EHOSTDOWN: 'api.network.offline',
  EADDRNOTAVAIL: 'api.network.offline',
  ECONNREFUSED: 'api.network.refused',
  ETIMEDOUT: 'api.network.connectTimeout',
  UND_ERR_CONNECT_TIMEOUT: 'api.network.connectTimeout',
  UND_ERR_HEADERS_TIMEOUT: 'api.network.timeout',
  DEADLINE: 'api.network.timeout',
  UND_ERR_BODY_TIMEOUT: 'api.network.stalled',
  ECONNRESET: 'api.network.lost',
  ECONNABORTED: 'api.network.lost',
  EPIPE: 'api.network.lost',
  UND_ERR_SOCKET: 'api.network.lost',
  UND_ERR_ABORTED: 'api.network.lost',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'api.network.lost',
  UND_ERR_DESTROYED: 'api.network.closed',
  UND_ERR_CLOSED: 'api.network.closed',
  UND_ERR_PRX_TLS: 'api.proxy.failed',
  UND_ERR_PRX_CONN: 'api.proxy.failed',
  UND_ERR_HEADERS_OVERFLOW: 'api.malformed',
};

/** The codes that OpenSSL and Node use for untrusted certificates. */
const certificate =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERR_TLS_CERT_)/u;

/** The codes of an error and its causes, outermost first. */
function* codes(error: unknown, depth = 4): Generator<{ code: string; message: string }> {
  if (!(error instanceof Error) || depth === 0) return;
  yield {
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: error.message,
  };
  if (error instanceof AggregateError) for (const each of error.errors) yield* codes(each, depth - 1);
  yield* codes(error.cause, depth - 1);
}

/** Failures that occur only while connecting. If a proxy is used, they mean that the proxy couldn't be reached. */
const connecting = /^api\.network\.(?:nameUnknown|offline|refused|connectTimeout)$/u;

/**
 * Describes a network error. Returns undefined for any other error, which is a bug.
 * @param sending whether the request was still being sent
 */
export function networkFailure(
  error: unknown,
  { proxied, sending }: { readonly proxied: boolean; readonly sending: boolean },
): NetworkFailure | undefined {
  for (const { code, message } of codes(error)) {
    // undici 8 includes a proxy's status only in the message.
    const proxy = /^Proxy response \((\d{3})\)/u.exec(message);
    if (proxy) {
      const proxyStatus = Number(proxy[1]);
      if (proxyStatus === 407) return { key: 'api.proxy.login', transient: false, code, proxyStatus };
      return { key: 'api.proxy.refused', transient: proxyStatus >= 500, code, proxyStatus };
    }
    if (/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/u.test(code)) {
      return { key: 'api.network.certificateDate', transient: false, code };
    }
    if (certificate.test(code)) return { key: 'api.network.certificate', transient: false, code };
    if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') {
      return { key: 'api.network.tls', transient: true, code };
    }
    if (code.startsWith('HPE_')) return { key: 'api.malformed', transient: true, code };
    const key = keys[code];
    if (!key) continue;
    if (proxied && connecting.test(key)) return { key: 'api.proxy.failed', transient: true, code };
    if (sending && key === 'api.network.timeout')
      return { key: 'api.network.stalled', transient: true, code };
    return { key, transient: true, code };
  }
  return undefined;
}

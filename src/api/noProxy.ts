const bare = (host: string): string =>
  host
    .replace(/^\[(.+)\]$/u, '$1')
    .replace(/\.$/u, '')
    .toLowerCase();

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
function splitPort(entry: string): { host: string; port: string } {
  const match = /^(\[.+\]|[^:]+):(\d+)$/u.exec(entry);
  return match ? { host: match[1] ?? '', port: match[2] ?? '' } : { host: entry, port: '' };
}

/**
 * Does one of these entries say that this address is reached without the proxy? An entry is a host, which covers its
 * subdomains too (`example.com`, `.example.com`, `*.example.com`), `*` for all, each with an optional `:port`.
 */
export function bypassesProxy(entries: readonly string[], url: URL): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return entries.some(entry => {
    const wanted = splitPort(entry.trim());
    if (wanted.port && wanted.port !== port) return false;
    if (wanted.host === '*') return true;
    const suffix = bare(wanted.host).replace(/^\*?\./u, '');
    return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
  });
}

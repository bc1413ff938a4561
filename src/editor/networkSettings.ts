import * as vscode from 'vscode';
import type { NetworkSettings } from '../api/route.ts';

/** Returns VS Code's HTTP settings, because undici doesn't read them. */
export function networkSettings(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    proxy: http.get<string>('proxy') || undefined,
    proxySupport: http.get<NetworkSettings['proxySupport']>('proxySupport', 'override'),
    noProxy: http.get<string[]>('noProxy', []),
    proxyAuthorization: http.get<string>('proxyAuthorization') || undefined,
    proxyStrictSSL: http.get<boolean>('proxyStrictSSL', true),
    systemCertificates: http.get<boolean>('systemCertificates', true),
    environment: process.env,
  };
}

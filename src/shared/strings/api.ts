/** Errors of the Magic Hour API and of the connection to it. `{words}` is the server's own text. */
export const apiStrings = {
  'error.unexpected': 'Something went wrong. See the log for details.',

  // Settings
  'api.url.invalid':
    'The setting “magicHour.apiUrl” isn’t a valid URL. Enter a URL such as https://api.magichour.ai.',
  'api.url.insecure':
    'The setting “magicHour.apiUrl” must start with https:// (or http:// for this computer only) to protect your API key.',
  'api.url.extras':
    'The setting “magicHour.apiUrl” must be a plain URL without a username, password, “?”, or “#”.',
  'api.proxy.invalid':
    'The proxy URL in the setting “http.proxy” or in HTTPS_PROXY isn’t valid. Enter an http or https URL such as http://proxy.example.com:8080.',

  // The key and the account
  'api.key.malformed':
    'The API key contains invalid characters. Copy it again from the Magic Hour Developer Hub.',
  'api.key.refused': 'Magic Hour rejected the API key. Enter a valid API key to continue.',
  'api.credits.insufficient': 'Not enough Magic Hour credits. Buy credits, then try again.',
  'api.credits.subscription': 'This requires a Magic Hour subscription. Choose a plan, then try again.',
  'api.credits.plan':
    'Your Magic Hour plan doesn’t include this. Upgrade your plan, or change options such as the resolution.',
  'api.credits.payment': 'Magic Hour requires a payment: {words} Check your plan and credits.',
  'api.forbidden':
    'Your Magic Hour account isn’t allowed to do this: {words} This feature or these options might require a higher plan.',

  // Responses
  'api.refused': 'Magic Hour rejected the request: {words}',
  'api.refused.status':
    'Magic Hour rejected the request without giving a reason (status {status}). Check the values, then try again.',
  'api.route.missing': 'The server doesn’t support this request. Check the setting “magicHour.apiUrl”.',
  'api.project.missing': 'The project no longer exists on Magic Hour. It may have been deleted.',
  'api.project.idInvalid': 'This isn’t a valid project ID. Copy it from the URL of the item in your library.',
  'api.project.notComplete': 'The project doesn’t have a result to download yet.',
  'api.project.kept': 'Magic Hour didn’t delete the project: {words}',
  'api.busy': 'Magic Hour is receiving too many requests right now. Wait a moment, then try again.',
  'api.server': 'Magic Hour returned a server error ({status}). Try again in a minute.',
  'api.malformed': 'Couldn’t read the response from {host}. Try again in a minute.',
  'api.notMagicHour':
    'Received a web page instead of a response from Magic Hour. If you’re on a public network, sign in to it in your browser. Otherwise, check the setting “magicHour.apiUrl”.',
  'api.tooLarge': 'The response from {host} was too large. Try again in a minute.',
  'api.redirected':
    '{host} redirected the request. To protect your API key, redirects aren’t followed. Check the setting “magicHour.apiUrl” and your network.',
  'api.create.unsure':
    'The request was sent, but no response came back. To avoid paying twice, check your Magic Hour library before you create it again.',

  // The network
  'api.network.offline': 'Can’t connect to {host}. Check your internet connection, then try again.',
  'api.network.nameUnknown': 'Can’t find {host}. Check your internet connection or VPN, then try again.',
  'api.network.refused': '{host} refused the connection. Check your firewall, then try again in a minute.',
  'api.network.connectTimeout': '{host} didn’t respond. Check your internet connection, then try again.',
  'api.network.lost': 'The connection to {host} was lost. Try again.',
  'api.network.timeout': '{host} took too long to respond. Try again in a minute.',
  'api.network.stalled': 'The transfer to {host} stalled. Check your internet connection.',
  'api.network.closed': 'The connection was closed. Try again.',
  'api.network.certificate':
    'The certificate for {host} isn’t trusted ({code}). If your network inspects traffic, turn on the setting “http.systemCertificates” or ask your network administrator for the certificate. Turning off “http.proxyStrictSSL” skips this check at your own risk.',
  'api.network.certificateDate':
    'The certificate for {host} has expired or isn’t valid yet ({code}). Check the date and time on this computer, then try again.',
  'api.network.tls':
    'Couldn’t establish a secure connection to {host}. Check your proxy settings and your network.',
  'api.proxy.login':
    'The proxy requires a username and password. Enter them in the setting “http.proxy” or “http.proxyAuthorization”.',
  'api.proxy.refused':
    'The proxy refused to connect to {host} (status {status}). Contact your network administrator, or add the host to the setting “http.noProxy”.',
  'api.proxy.failed':
    'Couldn’t use the proxy. Check the settings “http.proxy” and “http.proxySupport”, or HTTPS_PROXY.',

  // Uploads and downloads
  'api.storage.unsafe':
    'Magic Hour returned an unsafe URL for the file, so it wasn’t used. Check your network, then try again.',
  'api.upload.changed': '“{name}” changed while it was being uploaded. Save it, then try again.',
  'api.upload.unreadable':
    'Can’t read “{name}”. Check that it still exists and that you have permission to read it.',
  'api.upload.tooLarge':
    '“{name}” is too large for your Magic Hour plan. Use a smaller file or a shorter clip, or upgrade your plan.',
  'api.upload.refused': 'Magic Hour storage rejected “{name}” (status {status}). Try again.',
  'api.upload.expired':
    'The upload took too long and its URL expired. Try again, on a faster network if possible.',
  'api.upload.type': 'Magic Hour doesn’t support this file: {words}',
  'api.download.expired': 'The result’s download URL has expired. Try again to get a new one.',
  'api.download.missing': 'The result isn’t in Magic Hour storage. Check your library.',
  'api.download.refused': 'Magic Hour storage didn’t send the result (status {status}). Try again.',
  'api.download.truncated': 'The download was incomplete. Try again.',
  'api.download.tooLong': 'The download was larger than expected, so it was discarded. Check your library.',
  'api.download.notMedia':
    'The download isn’t an image or a video. If you’re on a public network, sign in to it in your browser.',
} as const;

/** What the Magic Hour API and the way to it can answer. `{words}` is the server's own text. */
export const apiStrings = {
  'error.unexpected': 'Something went wrong that we did not foresee. The log has the details.',

  // Settings
  'api.url.invalid':
    'The setting “magicHour.apiUrl” is not a web address. Enter one such as https://api.magichour.ai.',
  'api.url.insecure':
    'The setting “magicHour.apiUrl” must start with https:// (http:// only for this computer), so that your key cannot be read on the way.',
  'api.url.extras':
    'The setting “magicHour.apiUrl” must be a plain address, without user name, password, “?” or “#”.',
  'api.proxy.invalid':
    'The proxy address in the setting “http.proxy” or in HTTPS_PROXY cannot be used. Enter an http or https address such as http://proxy.example.com:8080.',

  // The key and the account
  'api.key.malformed':
    'The API key has characters that no key has. Copy it again from the Magic Hour Developer Hub.',
  'api.key.refused': 'Magic Hour does not accept the API key. Enter a valid key to go on.',
  'api.credits.insufficient': 'Not enough Magic Hour credits. Buy credits, then try again.',
  'api.credits.subscription': 'Magic Hour asks for a subscription for this. Choose a plan, then try again.',
  'api.credits.plan':
    'Your Magic Hour plan does not include this. Choose a higher plan, or other options such as a lower resolution.',
  'api.credits.payment': 'Magic Hour asks for a payment: {words} Look at your plan and credits.',
  'api.forbidden':
    'Your Magic Hour account may not do this: {words} The feature or the options may need a higher plan.',

  // Answers
  'api.refused': 'Magic Hour did not accept the request: {words}',
  'api.refused.status':
    'Magic Hour did not accept the request (status {status}, no reason given). Check the values and try again.',
  'api.route.missing':
    'This address does not offer what was asked for. Check the setting “magicHour.apiUrl”.',
  'api.project.missing': 'The project no longer exists at Magic Hour. It may have been deleted.',
  'api.project.idInvalid': 'This is not a project ID. Copy it from the address of the item in your library.',
  'api.project.notComplete': 'The project has no result to download yet.',
  'api.project.kept': 'Magic Hour did not delete the project: {words}',
  'api.busy': 'Magic Hour is getting too many requests just now. Wait a little, then try again.',
  'api.server': 'Magic Hour has a problem of its own (status {status}). Try again in a minute.',
  'api.malformed': 'The answer from {host} could not be understood. Try again in a minute.',
  'api.notMagicHour':
    'A web page answered instead of Magic Hour. If you are on a public network, sign in to it in your browser; else check the setting “magicHour.apiUrl”.',
  'api.tooLarge':
    'The answer from {host} was far larger than it should be, so it was not read. Try again in a minute.',
  'api.redirected':
    '{host} pointed to another address. Requests are not passed on, to keep your key safe. Check the setting “magicHour.apiUrl” and your network.',
  'api.create.unsure':
    'The request was sent, but no clear answer came back. Look into your Magic Hour library before you create it again, so that you do not pay twice.',

  // The way there
  'api.network.offline': 'There is no connection to {host}. Check your internet connection, then try again.',
  'api.network.nameUnknown':
    'The address of {host} could not be found. Check your internet connection or VPN, then try again.',
  'api.network.refused': '{host} refuses the connection. Check your firewall, then try again in a minute.',
  'api.network.connectTimeout': '{host} did not answer. Check your internet connection, then try again.',
  'api.network.lost': 'The connection to {host} broke off. Try again.',
  'api.network.timeout': '{host} took too long to answer. Try again in a minute.',
  'api.network.stalled': 'The transfer with {host} came to a standstill. Check your internet connection.',
  'api.network.closed': 'The connection was closed on this side. Try again.',
  'api.network.certificate':
    'The certificate of {host} is not trusted ({code}). If your network inspects traffic, turn on the setting “http.systemCertificates”, or ask who runs it for its certificate. “http.proxyStrictSSL” turns the check off, at your own risk.',
  'api.network.certificateDate':
    'The certificate of {host} is not valid today ({code}). Check the date and time of this computer, then try again.',
  'api.network.tls': 'No secure connection to {host} could be made. Check your proxy settings and network.',
  'api.proxy.login':
    'The proxy asks for a user name and password. Put them into the setting “http.proxy” or “http.proxyAuthorization”.',
  'api.proxy.refused':
    'The proxy refuses connections to {host} (status {status}). Ask who runs it, or add the host to the setting “http.noProxy”.',
  'api.proxy.failed':
    'The proxy could not be used. Check the settings “http.proxy” and “http.proxySupport”, or HTTPS_PROXY.',

  // Files
  'api.storage.unsafe':
    'Magic Hour named an unsafe address for the file, so it was not used. Check your network, then try again.',
  'api.upload.changed': '“{name}” changed while it was uploaded. Save it, then try again.',
  'api.upload.unreadable': '“{name}” cannot be read. Check that it still exists and that you may read it.',
  'api.upload.tooLarge':
    '“{name}” is too large for your Magic Hour plan. Use a smaller file, a shorter clip, or a higher plan.',
  'api.upload.refused': 'The storage of Magic Hour did not take “{name}” (status {status}). Try again.',
  'api.upload.expired':
    'The upload took longer than its address is valid. Try again, if possible on a faster network.',
  'api.upload.type': 'Magic Hour does not take this file: {words}',
  'api.download.expired': 'The address of the result is no longer valid. Try again to get a new one.',
  'api.download.missing': 'The result is not in the storage of Magic Hour. Look into your library.',
  'api.download.refused': 'The storage of Magic Hour did not send the result (status {status}). Try again.',
  'api.download.truncated': 'The result did not arrive whole. Try again.',
  'api.download.tooLong':
    'More arrived than a result can be, so it was not kept. Look into your library at Magic Hour.',
  'api.download.notMedia':
    'What arrived is not a picture or video. If you are on a public network, sign in to it in your browser.',
} as const;

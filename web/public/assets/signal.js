// Loaded before the voice SDK, which keeps the WebSocket constructor it finds.
// The SDK always opens wss://HOST/signal; on a plain http page (localhost) our
// own server speaks ws://. Nothing but that one address is rewritten.
if (location.protocol === 'http:') {
  const ours = `wss://${location.host}/signal`
  window.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
      super(String(url) === ours ? ours.replace('wss:', 'ws:') : url, protocols)
    }
  }
}

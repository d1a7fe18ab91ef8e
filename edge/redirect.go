package edge

import (
	"net/http"
)

// ToHTTPS answers plain http: whoever reads is sent to the same page by https.
// What was sent here went over the network in the clear, and a carrier that were
// redirected would drop the form it signed: so everything else is refused in words.
func (e *Edge) ToHTTPS() http.Handler {
	return e.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ForeignHost(r) || r.Method != http.MethodGet && r.Method != http.MethodHead {
			e.cfg.Logger.Warn("request by plain http refused; is it told https in the address?", "method", r.Method, "path", r.URL.Path)
			http.Error(w, "This desk answers by https only, at "+e.cfg.Public.String()+". Nothing has changed.", http.StatusForbidden)
			return
		}
		http.Redirect(w, r, e.cfg.Public.String()+r.URL.RequestURI(), http.StatusPermanentRedirect)
	}))
}

package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// pages are the files of the web build, read once at start.
type pages struct{ files map[string]file }

type file struct {
	content []byte
	kind    string // Content-Type
	etag    string
}

func loadPages(dist fs.FS) (*pages, error) {
	p := &pages{files: map[string]file{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		kind := mime.TypeByExtension(path.Ext(name))
		switch path.Ext(name) { // the machine's own table may differ
		case ".js":
			kind = "text/javascript; charset=utf-8"
		case ".wav":
			kind = "audio/wav"
		}
		p.files[name] = file{content, kind, `"` + hex.EncodeToString(sum[:8]) + `"`}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return p, nil
}

// errNoPages: the binary was built without its pages.
var errNoPages = errors.New("this binary was built without its pages: run make build")

// page serves one HTML page.
func (c *Console) page(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, ok := c.pages.files[name]
		if !ok {
			c.log.Error("page missing", "page", name, "err", errNoPages)
			http.Error(w, errNoPages.Error(), http.StatusServiceUnavailable)
			return
		}
		c.pageHeaders(w.Header(), name)
		w.Header().Set("Cache-Control", "no-cache")
		serve(w, r, f)
	}
}

// asset serves everything the pages load.
func (c *Console) asset(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	f, ok := c.pages.files[name]
	if !ok {
		c.notFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/build/") { // the name holds a hash of the content
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	serve(w, r, f)
}

// embed: GET /embed.js, the call button of other people's sites. Whose site may then
// show the page is said by the page's own headers.
func (c *Console) embed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	c.asset(w, r)
}

func serve(w http.ResponseWriter, r *http.Request, f file) {
	w.Header().Set("ETag", f.etag)
	if f.kind != "" {
		w.Header().Set("Content-Type", f.kind)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
}

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
	"strconv"
	"strings"
	"time"
)

// pages are the files of the web build, read once at start.
type pages struct{ files map[string]file }

type file struct {
	form
	kind   string          // Content-Type
	packed map[string]form // by Content-Encoding
}

// form is a file's content as it is sent.
type form struct {
	content []byte
	etag    string
}

// encodings are what the build packs files with, what makes them smallest first,
// and how it names the packed ones.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

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
		kind := mime.TypeByExtension(path.Ext(name))
		switch path.Ext(name) { // the machine's own table may differ
		case ".js":
			kind = "text/javascript; charset=utf-8"
		case ".wav":
			kind = "audio/wav"
		}
		p.files[name] = file{newForm(content), kind, map[string]form{}}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	for name, f := range p.files {
		for _, e := range encodings {
			if packed, ok := p.files[name+e.suffix]; ok {
				f.packed[e.name] = packed.form
				delete(p.files, name+e.suffix)
			}
		}
	}
	return p, nil
}

func newForm(content []byte) form {
	sum := sha256.Sum256(content)
	return form{content, `"` + hex.EncodeToString(sum[:8]) + `"`}
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
		c.pageHeaders(w.Header(), r, name)
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

// serve answers with the smallest form of a file that the browser takes. Parts
// are those of the plain one: players ask for parts of sounds.
func serve(w http.ResponseWriter, r *http.Request, f file) {
	sent := f.form
	for _, e := range encodings {
		packed, ok := f.packed[e.name]
		if ok && r.Header.Get("Range") == "" && accepts(r, e.name) {
			sent = packed
			w.Header().Set("Content-Encoding", e.name)
			// ServeContent leaves it out of what is encoded.
			w.Header().Set("Content-Length", strconv.Itoa(len(sent.content)))
			break
		}
	}
	if len(f.packed) > 0 {
		w.Header().Add("Vary", "Accept-Encoding")
	}
	w.Header().Set("ETag", sent.etag)
	if f.kind != "" {
		w.Header().Set("Content-Type", f.kind)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(sent.content))
}

// accepts reads Accept-Encoding (RFC 9110, 12.5.3): a coding is named, and not with q=0.
func accepts(r *http.Request, encoding string) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(one, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, weighed := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		least, err := strconv.ParseFloat(q, 64)
		return !weighed || err == nil && least > 0
	}
	return false
}

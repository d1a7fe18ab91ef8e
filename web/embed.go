// Package web holds the built pages: the agents' console, the customer's page,
// the three-pane page and the tutorial's own page, with the voice SDK they load.
package web

import (
	"embed"
	"fmt"
	"io/fs"
)

// dist is what `npm run build` made. Before the first build it holds only
// .gitkeep, so that Go code compiles without Node; the server then answers
// 404 for pages.
//
//go:embed all:dist
var dist embed.FS

// Files returns the built pages: index.html, as.html, call.html and
// tutorial.html at the root, everything they load under assets/.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		// Only an invalid path can fail here, and the path is a constant.
		panic(fmt.Sprintf("web: open dist: %v", err))
	}
	return files
}

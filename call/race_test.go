//go:build race

package call

// raced tells whether the race detector is on.
const raced = true

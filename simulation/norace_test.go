//go:build !race

package simulation

// raced tells whether the race detector is on, which makes a run some
// times as long: fewer seeds do.
const raced = false

//go:build !race

package simulation

// raced tells whether the race detector is on, which makes a run ten times as
// long and finds little in one goroutine.
const raced = false

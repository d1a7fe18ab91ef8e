package console

import "testing"

// Every route says who may use it, and nothing else is said.
func TestEveryRouteHasItsRole(t *testing.T) {
	routes := (&Console{}).Routes()
	for pattern := range routes {
		if _, ok := access[pattern]; !ok {
			t.Errorf("%s says not who may use it: give it a row in access.go", pattern)
		}
	}
	for pattern, need := range access {
		if _, ok := routes[pattern]; !ok {
			t.Errorf("access.go has a row for %s, which is no route", pattern)
		}
		if need != anyone && !need.Valid() {
			t.Errorf("%s is for %q, which is no role", pattern, need)
		}
	}
}

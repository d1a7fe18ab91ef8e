package staff

import (
	"strings"
	"testing"
)

func TestPasswordHashes(t *testing.T) {
	h := newHasher()
	made, err := h.make(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.make(t.Context(), "correct horse")
	if err != nil || made == again || !strings.HasPrefix(made, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s and %s, %v", made, again, err)
	}
	// Written by the reference implementation: argon2 somesalt -id -t 2 -m 16 -p 1 -e.
	const theirs = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for _, c := range []struct {
		password, phc string
		fits, weak    bool
	}{
		{"correct horse", made, true, false}, {"Correct horse", made, false, false}, {"", made, false, false},
		{"password", theirs, true, false}, {"correct horse", "", false, false}, {"", "", false, false},
		{"x", strings.Replace(made, "m=19456", "m=8192", 1), false, true},
	} {
		fits, weak, err := h.check(t.Context(), c.password, c.phc)
		if err != nil || fits != c.fits || weak != c.weak {
			t.Errorf("%q against %.40s: %v, %v, %v", c.password, c.phc, fits, weak, err)
		}
	}
	for _, bad := range []string{
		"x", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", strings.Replace(made, "m=19456", "m=99999999", 1),
		strings.Replace(made, "t=2", "t=0", 1), strings.Replace(made, "p=1", "p=0", 1), made[:len(made)-40],
	} {
		if _, _, err := h.check(t.Context(), "x", bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestChecksOfUsers(t *testing.T) {
	good := User{ID: "ana", Name: "Ana Reyes", Role: Agent, Phone: "+4930123456"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*User){
		"id": func(u *User) { u.ID = "api" }, "no name": func(u *User) { u.Name = " " }, "long name": func(u *User) { u.Name = strings.Repeat("x", 81) },
		"two lines": func(u *User) { u.Name = "Ana\nReyes" }, "role": func(u *User) { u.Role = "root" }, "phone": func(u *User) { u.Phone = "030123456" },
		"letters": func(u *User) { u.Phone = "+49301234ab" },
	} {
		u := good
		change(&u)
		if u.Check() == nil {
			t.Errorf("%s was taken: %+v", name, u)
		}
	}
	for password, ok := range map[string]bool{"ana reyes": false, "ANA REYES!": true, "Ana Reyes ": true, "0123456789": true, "012345678": false, "äöüäöüäöüä": true} {
		if err := good.CheckPassword(password); (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestRoles(t *testing.T) {
	for _, c := range []struct {
		have, need Role
		want       bool
	}{{Agent, Agent, true}, {Agent, Lead, false}, {Lead, Agent, true}, {Lead, Admin, false}, {Admin, Lead, true}, {"", Agent, false}, {"root", Agent, false}} {
		if got := c.have.May(c.need); got != c.want {
			t.Errorf("%q for %q: %v", c.have, c.need, got)
		}
	}
}

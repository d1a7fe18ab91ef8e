package outside_test

import (
	"errors"
	"testing"

	"warmdesk/outside"
)

func rules(t *testing.T, cfg outside.Config) outside.Rules {
	t.Helper()
	r, err := outside.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheck(t *testing.T) {
	r := rules(t, outside.Config{Own: "+493022334455", Countries: []string{"de", " AT"}, Prefixes: []string{"+1212"}})
	for _, c := range []struct {
		typed, want, sentence string
		forbidden             bool
	}{
		{typed: "+49 30 901820", want: "+4930901820"},
		{typed: "030 901820", want: "+4930901820"},
		{typed: "(030) 90-18-20", want: "+4930901820"},
		{typed: "0049 30 901820", want: "+4930901820"},
		{typed: "tel:+4930901820", want: "+4930901820"},
		{typed: "+43 1 534530", want: "+431534530"},
		{typed: "+1 (212) 736-5000", want: "+12127365000"},
		{typed: "+49 30", sentence: "That number looks short."},
		{typed: "03", sentence: "That number looks short."},
		{typed: "+49 30 90182090182090", sentence: "That number looks long."},
		{typed: "+49\u00a030\u201190\u201118\u201120", want: "+4930901820"}, // as other programs write it
		{typed: "+4930901820,,1#", sentence: "That is not a telephone number that can be called."},
		{typed: "+4930901820;postd=1", sentence: "That is not a telephone number that can be called."},
		{typed: "+4930901820\r\nX: 1", sentence: "That is not a telephone number that can be called."},
		{typed: "0800 FLOWERS", sentence: "That is not a telephone number that can be called."},
		{typed: "+4930901820 ext. 7", sentence: "That is not a telephone number that can be called."},
		{typed: "ana", sentence: "That is not a telephone number that can be called."},
		{typed: "", sentence: "That is not a telephone number that can be called."},
		{typed: "+999 12345678", sentence: "That is not a telephone number that can be called."},
		{typed: "030 22334455", sentence: "That is this desk's own number.", forbidden: true},
		{typed: "+49 900 1234567", sentence: "That number costs extra, and is never called from here.", forbidden: true},
		{typed: "0180 5 123456", sentence: "That number costs extra, and is never called from here.", forbidden: true},
		{typed: "+33 1 42 68 53 00", sentence: "Numbers in FR may not be called from here (allowed: DE, AT, +1212). An admin can allow them, in the settings under Telephones.", forbidden: true},
		{typed: "+1 415 555 2671", sentence: "Numbers in US may not be called from here (allowed: DE, AT, +1212). An admin can allow them, in the settings under Telephones.", forbidden: true},
		{typed: "112", sentence: "That is an emergency number. Call it from your own telephone.", forbidden: true},
		{typed: "110", sentence: "That is an emergency number. Call it from your own telephone.", forbidden: true},
		{typed: "11833", sentence: "That is not a telephone number that can be called."},
	} {
		got, err := r.Check(c.typed)
		var why *outside.Error
		errors.As(err, &why)
		switch {
		case got != c.want:
			t.Errorf("%q is %q, want %q (%v)", c.typed, got, c.want, err)
		case c.sentence != "" && (why == nil || why.Message != c.sentence || why.Forbidden != c.forbidden):
			t.Errorf("%q: %+v, want %q", c.typed, why, c.sentence)
		}
	}
}

func TestNothingIsAllowedThatIsNotNamed(t *testing.T) {
	for _, r := range []outside.Rules{{}, rules(t, outside.Config{Own: "+493022334455"})} {
		if n, err := r.Check("+4930901820"); !errors.Is(err, outside.ErrNone) {
			t.Errorf("%q %v", n, err)
		}
		if r.Any() {
			t.Error("any")
		}
	}
	// A prefix opens nothing that costs extra.
	r := rules(t, outside.Config{Prefixes: []string{"+49", "+1900"}})
	for _, n := range []string{"+499001234567", "+19002345678"} {
		if _, err := r.Check(n); err == nil {
			t.Errorf("%s may be called", n)
		}
	}
	if _, err := r.Check("030 901820"); err == nil || err.Error() != "Write that number with its country: +49 30 123456." {
		t.Errorf("%v", err)
	}
}

func TestNew(t *testing.T) {
	for _, cfg := range []outside.Config{
		{Countries: []string{"Germany"}}, {Countries: []string{""}}, {Prefixes: []string{"49"}}, {Prefixes: []string{"+"}},
		{Prefixes: []string{"+49 30"}}, {Prefixes: []string{"+1234567890123456"}}, {Home: "XX"},
	} {
		if _, err := outside.New(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}

func TestPretty(t *testing.T) {
	for n, want := range map[string]string{"+4930901820": "+49 30 901820", "+15550100": "+1 5550100", "ana": "ana", "+": "+", "+4915112345678": "+49 1511 2345678"} {
		if got := outside.Pretty(n); got != want {
			t.Errorf("%s: %q", n, got)
		}
	}
	for s, want := range map[string]bool{"030 901820": true, "+49": true, "agent2": false, "": false, "+": false, "team:1": false} {
		if outside.Typed(s) != want {
			t.Errorf("%q", s)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"+4930901820", "030 901820", "112", "+1 900 234 5678", "tel:+49;ext=1", "\x00", "+٤٩٣٠٩٠١٨٢٠"} {
		f.Add(s)
	}
	r, err := outside.New(outside.Config{Home: "DE", Countries: []string{"DE"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := r.Check(typed)
		if err != nil {
			return
		}
		if !outside.Valid(n) {
			t.Errorf("%q is %q", typed, n)
		}
		if again, err := r.Check(n); again != n || err != nil {
			t.Errorf("%q is %q, which is %q: %v", typed, n, again, err)
		}
	})
}

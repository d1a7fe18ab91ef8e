package settings

import "testing"

func TestScreenPopLink(t *testing.T) {
	pop := ScreenPop{URL: "https://crm.example.com/x?phone={from}&call={id}&topic={topic}&email={email}"}
	got := pop.Link(map[string]string{"from": "+49 30 1", "id": "01KAN", "topic": `A&B=1 "ü"`})
	if want := "https://crm.example.com/x?phone=%2B49%2030%201&call=01KAN&topic=A%26B%3D1%20%22%C3%BC%22&email="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestCheckScreenPop(t *testing.T) {
	for address, right := range map[string]bool{
		"":                                      true,
		"https://crm.example.com/x?p={from}":    true,
		"http://crm:8080/{id}#{topic}":          true,
		"javascript:alert({from})":              false,
		"//crm.example.com/{id}":                false,
		"https://{from}/x":                      false,
		"https://crm.{topic}.example.com/":      false,
		"https://crm.example.com{id}":           false,
		"https://crm.example.com:{id}/":         false,
		"{from}://crm.example.com/":             false,
		"https://ana:secret@crm.example.com/":   false,
		"https://crm.example.com/?a={password}": false,
		"https://crm.example.com/ x":            false,
		"https://crm.example.com\\@evil/":       false,
	} {
		d := Document{ScreenPop: ScreenPop{URL: address, On: PopAnswer}}
		if err := d.check("screenPop"); (err == nil) != right {
			t.Errorf("%q: %v", address, err)
		}
	}
	d := Document{ScreenPop: ScreenPop{On: "always"}}
	if d.check("screenPop") == nil {
		t.Error("opens always")
	}
}

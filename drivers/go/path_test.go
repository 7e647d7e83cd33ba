package tega

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"
)

func TestPaths(t *testing.T) {
	text, err := os.ReadFile("../conformance/paths.json")
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Paths []struct {
			Names  []string `json:"names"`
			Dotted []string `json:"dotted"`
			URL    *string  `json:"url"`
		} `json:"paths"`
		Invalid []string `json:"invalid"`
	}
	if err := json.Unmarshal(text, &told); err != nil {
		t.Fatal(err)
	}
	for _, want := range told.Paths {
		path := PathOf(want.Names...)
		if string(path) != want.Dotted[0] {
			t.Errorf("%q is written %q, not %q", want.Names, path, want.Dotted[0])
		}
		for _, dotted := range want.Dotted {
			if read, err := Path(dotted).canonical(); err != nil || read != path {
				t.Errorf("%q is read as %q, %v", dotted, read, err)
			}
		}
		url, err := path.url()
		if want.URL == nil {
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%q has the URL %q, %v", path, url, err)
			}
		} else if err != nil || url != *want.URL {
			t.Errorf("%q has the URL %q, %v, not %q", path, url, err, *want.URL)
		}
	}
	for _, dotted := range told.Invalid {
		if _, err := Path(dotted).Names(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q is read: %v", dotted, err)
		}
	}
}

// Every path is read back from its text and from its JSON.
func FuzzPath(f *testing.F) {
	f.Add("a", "172.21.1.0/24")
	f.Add("", "\x00\n\"\\")
	f.Add("🦊", `\u0041."`)
	f.Add("a.b*", " \u00a0")
	f.Fuzz(func(t *testing.T, first, second string) {
		for _, name := range []*string{&first, &second} {
			*name = string(bytes.ToValidUTF8([]byte(*name), nil))
		}
		path := PathOf(first, second)
		names, err := path.Names()
		if err != nil || len(names) != 2 || names[0] != first || names[1] != second {
			t.Fatalf("%q %q: %q is read as %q, %v", first, second, path, names, err)
		}
		if path != PathOf(first).Child(second) {
			t.Fatalf("%q is not its parent's child", path)
		}
		text, err := json.Marshal(path)
		if err != nil {
			t.Fatal(err)
		}
		var read Path
		if err := json.Unmarshal(text, &read); err != nil || read != path {
			t.Fatalf("%q comes back as %q, %v", path, read, err)
		}
	})
}

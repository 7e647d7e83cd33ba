package tega

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A Path says where a node is: the names from the top of the database, the first being the root's, with dots between them.
// Any string is a legal name; one that would be misread is quoted like a JSON string:
//
//	graph.subnets."172.21.1.0/24".x
//
// The empty path is the database itself. String constants are paths; [PathOf] makes one of names that come from elsewhere.
// Paths made by PathOf, and all that this package hands out, are in one form, so that they can be compared with ==.
type Path string

// PathOf is the path of these names, which may be any strings.
func PathOf(names ...string) Path {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte('.')
		}
		writeName(&b, name)
	}
	return Path(b.String())
}

// Child is the path of the member name of this node.
func (p Path) Child(name string) Path {
	if p == "" {
		return PathOf(name)
	}
	return p + "." + PathOf(name)
}

// Names are the names of the path; the error is ErrInvalid when it is malformed.
func (p Path) Names() ([]string, error) {
	names := []string{}
	if p == "" {
		return names, nil
	}
	text := string(p)
	at := 0
	for {
		name, end, problem := readName(text, at)
		if problem != "" {
			return nil, &Error{Code: CodeInvalid, Message: "the path '" + text + "' " + problem}
		}
		names = append(names, name)
		if end == len(text) {
			return names, nil
		}
		at = end + 1 // behind the dot
	}
}

// canonical is the path in the one form that PathOf gives.
func (p Path) canonical() (Path, error) {
	names, err := p.Names()
	if err != nil {
		return "", err
	}
	return PathOf(names...), nil
}

// MarshalJSON gives the JSON form of a path, an array of names.
func (p Path) MarshalJSON() ([]byte, error) {
	names, err := p.Names()
	if err != nil {
		return nil, err
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads the JSON form of a path, an array of names.
func (p *Path) UnmarshalJSON(text []byte) error {
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return err
	}
	*p = PathOf(names...)
	return nil
}

// url is the form for URLs; ErrInvalid where a name cannot be written in one.
func (p Path) url() (string, error) {
	names, err := p.Names()
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "/", nil
	}
	if strings.HasPrefix(names[0], "_") {
		return "", &Error{Code: CodeInvalid, Path: p, Message: "a root may not begin with an underscore: '" + names[0] + "'"}
	}
	var b strings.Builder
	for _, name := range names {
		if name == "" || name == "." || name == ".." || strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
			return "", &Error{Code: CodeInvalid, Path: p, Message: "the name " + quoted(name) + " cannot be written in a URL"}
		}
		b.WriteByte('/')
		for i := 0; i < len(name); i++ {
			if c := name[i]; isUnreserved(c) {
				b.WriteByte(c)
			} else {
				b.WriteByte('%')
				b.WriteByte("0123456789ABCDEF"[c>>4])
				b.WriteByte("0123456789ABCDEF"[c&15])
			}
		}
	}
	return b.String(), nil
}

// isUnreserved is RFC 3986, section 2.3.
func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func writeName(b *strings.Builder, name string) {
	if isPlain(name) {
		b.WriteString(name)
		return
	}
	b.WriteString(quoted(name))
}

func isPlain(name string) bool {
	for _, r := range name {
		if r <= ' ' || r > 0xffff || r == utf8.RuneError || strings.ContainsRune(`."\*()|;>`, r) || unicode.IsSpace(r) || unicode.IsControl(r) {
			return false
		}
	}
	return name != ""
}

func quoted(name string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range name {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			b.WriteString(`\u`)
			b.WriteString(strconv.FormatInt(0x10000+int64(r), 16)[1:])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// readName reads one name that begins at byte `at`, and tells where it ends: at a dot, or at the end of the text.
func readName(text string, at int) (name string, end int, problem string) {
	if at < len(text) && text[at] == '"' {
		return readQuoted(text, at+1)
	}
	var b strings.Builder
	for at < len(text) && text[at] != '.' {
		if text[at] == '\\' {
			at++
			if at == len(text) {
				return "", 0, "ends with a backslash"
			}
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		b.WriteString(text[at : at+size])
		at += size
	}
	if b.Len() == 0 {
		return "", 0, `has an empty name (an empty name is written "")`
	}
	return b.String(), at, ""
}

func readQuoted(text string, at int) (name string, end int, problem string) {
	const endless = "has a quote that does not end"
	var units []uint16 // of escapes that come in pairs
	var b strings.Builder
	flush := func() {
		b.WriteString(string(utf16.Decode(units)))
		units = units[:0]
	}
	for at < len(text) && text[at] != '"' {
		if text[at] != '\\' {
			flush()
			_, size := utf8.DecodeRuneInString(text[at:])
			b.WriteString(text[at : at+size])
			at += size
			continue
		}
		at++
		if at == len(text) {
			return "", 0, endless
		}
		if text[at] == 'u' {
			if at+5 > len(text) {
				return "", 0, `has a \u without four hexadecimal digits`
			}
			code, err := strconv.ParseUint(text[at+1:at+5], 16, 16)
			if err != nil {
				return "", 0, `has a \u without four hexadecimal digits`
			}
			units = append(units, uint16(code))
			at += 5
			continue
		}
		flush()
		if i := strings.IndexByte("nrt", text[at]); i >= 0 {
			b.WriteByte("\n\r\t"[i])
			at++
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		b.WriteString(text[at : at+size])
		at += size
	}
	flush()
	if at == len(text) {
		return "", 0, endless
	}
	at++
	if at < len(text) && text[at] != '.' {
		return "", 0, "has text between a closing quote and the next dot"
	}
	return b.String(), at, ""
}

// Run-time errors: the values that the runtime panics with, and their texts.

package runtime

import "unsafe"

// An Error is what the runtime panics with: it marks an error as one of the runtime's own.
type Error interface {
	error
	RuntimeError()
}

// stringer is what a panic's value may be, for its text (the C side asks for it).
type stringer interface {
	String() string
}

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    unsafe.Pointer // type, or nil
	concrete      unsafe.Pointer
	asserted      unsafe.Pointer
	missingMethod string
}

func (*TypeAssertionError) RuntimeError() {}
func (e *TypeAssertionError) Error() string {
	inter := "interface"
	if e._interface != nil {
		inter = typestring(e._interface)
	}
	as := typestring(e.asserted)
	if e.concrete == nil {
		return "interface conversion: " + inter + " is nil, not " + as
	}
	cs := typestring(e.concrete)
	if e.missingMethod != "" {
		return "interface conversion: " + cs + " is not " + as + ": missing method " + e.missingMethod
	}
	msg := "interface conversion: " + inter + " is " + cs + ", not " + as
	if cs == as {
		if typepkgpath(e.concrete) != typepkgpath(e.asserted) {
			msg += " (types from different packages)"
		} else {
			msg += " (types from different scopes)"
		}
	}
	return msg
}

// Text and package path of a type (C).
func typestring(t unsafe.Pointer) string
func typepkgpath(t unsafe.Pointer) string

// An errorString is a runtime error with a constant text.
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// An errorAddressString is one that also has the address of a faulting access.
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}
func (e errorAddressString) Error() string { return "runtime error: " + e.msg }
func (e errorAddressString) Addr() uintptr { return e.addr }

// A plainError is a runtime error whose text has no prefix.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// A PanicNilError is what a panic(nil) panics with.
type PanicNilError struct {
	_ [0]func() // not comparable
}

func (*PanicNilError) Error() string { return "panic called with nil argument" }
func (*PanicNilError) RuntimeError() {}

// What package math/bits panics with, by linkname.
var (
	divideError   error = errorString("integer divide by zero")
	overflowError error = errorString("integer overflow")
)

// A boundsError says which index or slice expression failed.
type boundsError struct {
	x      int64
	y      int
	signed bool // x is signed
	code   uint8
}

// Texts by code: the first for an index that is too large, the second for a negative one. %x is the index, %y the limit.
var boundsTexts = [...]string{
	"index out of range [%x] with length %y",
	"slice bounds out of range [:%x] with length %y",
	"slice bounds out of range [:%x] with capacity %y",
	"slice bounds out of range [%x:%y]",
	"slice bounds out of range [::%x] with length %y",
	"slice bounds out of range [::%x] with capacity %y",
	"slice bounds out of range [:%x:%y]",
	"slice bounds out of range [%x:%y:]",
	"cannot convert slice with length %x to array or pointer to array with length %y",
}
var boundsNegTexts = [...]string{
	"index out of range [%x]",
	"slice bounds out of range [:%x]",
	"slice bounds out of range [:%x]",
	"slice bounds out of range [%x:]",
	"slice bounds out of range [::%x]",
	"slice bounds out of range [::%x]",
	"slice bounds out of range [:%x:]",
	"slice bounds out of range [%x::]",
	"",
}

func (e boundsError) RuntimeError() {}
func (e boundsError) Error() string {
	text := boundsTexts[e.code]
	if e.signed && e.x < 0 {
		text = boundsNegTexts[e.code]
	}
	b := append(make([]byte, 0, 100), "runtime error: "...)
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b = append(b, text[i])
			continue
		}
		i++
		if text[i] == 'y' {
			b = appendInt(b, int64(e.y), true)
		} else {
			b = appendInt(b, e.x, e.signed)
		}
	}
	return string(b)
}

func appendInt(b []byte, v int64, signed bool) []byte {
	u := uint64(v)
	if signed && v < 0 {
		b = append(b, '-')
		u = -u
	}
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + u%10)
		u /= 10
		if u == 0 {
			break
		}
	}
	return append(b, buf[i:]...)
}

func itoa(v int) string { return string(appendInt(nil, int64(v), true)) }

// ---- called by the C side (panic.c, iface.c)

func panicBounds(x int64, signed bool, y int, code int) {
	panic(boundsError{x, y, signed, uint8(code)})
}

func panicError(msg string) { panic(errorString(msg)) }
func panicPlain(msg string) { panic(plainError(msg)) }

func panicAddr(msg string, addr uintptr) { panic(errorAddressString{msg, addr}) }

func panicNilError() any { return new(PanicNilError) }

func panicTypeAssertion(iface, concrete, asserted unsafe.Pointer, missing string) {
	panic(&TypeAssertionError{iface, concrete, asserted, missing})
}

// The text of a value that a fatal panic prints, if it is an error or a Stringer; the second result: it is one.
func panicText(v any) (string, bool) {
	switch v := v.(type) {
	case error:
		return v.Error(), true
	case stringer:
		return v.String(), true
	}
	return "", false
}

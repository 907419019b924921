// Package runtime, Go part: begun; the whole API follows.
package runtime

const GOOS = "linux"
const GOARCH = "amd64"

type Error interface {
	error
	RuntimeError()
}

type errorString string

func (e errorString) Error() string { return "runtime error: " + string(e) }
func (e errorString) RuntimeError() {}

func panicError(s string) { panic(errorString(s)) }

var _ Error = errorString("")

type plain struct{}

func panicTypeAssertion(iface, concrete, asserted *plain, missing string) {
	panic(errorString("interface conversion: " + missing))
}

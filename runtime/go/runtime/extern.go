// Package runtime is goc's: scheduler, memory and panics are C (the directory above); this is what Go programs see of it.
package runtime

import (
	"internal/cpu"
	"internal/runtime/exithook"
	"unsafe"
)

// Compiler names the toolchain as build constraints do: goc accepts what gc accepts.
const Compiler = "gc"

// GOOS and GOARCH are the target.
const (
	GOOS   string = "linux"
	GOARCH string = "amd64"
)

func goroot() string       // C: $GOROOT, or what the driver or the machine says
func buildversion() string // C
func gogetenv(key string) string

// GOROOT returns the root of the Go tree.
func GOROOT() string { return goroot() }

// Version returns the version of the Go tree that the program was built with.
func Version() string { return buildversion() }

// Gosched lets other goroutines run.
func Gosched()

// Goexit ends the calling goroutine after its deferred calls.
func Goexit()

// GOMAXPROCS sets how many threads run Go code at once (n < 1: nothing changes) and returns the former number.
func GOMAXPROCS(n int) int

// NumCPU returns how many processors the process may use.
func NumCPU() int

// NumGoroutine returns how many goroutines exist.
func NumGoroutine() int

// NumCgoCall returns 0: there is no cgo.
func NumCgoCall() int64 { return 0 }

// LockOSThread ties the calling goroutine to its thread.
func LockOSThread()

// UnlockOSThread undoes one LockOSThread.
func UnlockOSThread()

// KeepAlive marks x as reachable up to this call.
func KeepAlive(x any)

// Breakpoint runs a breakpoint trap.
func Breakpoint() { breakpoint() }
func breakpoint()

func goid() int64
func throw(s string)
func fatal(s string)

func init() {
	cpu.Initialize(gogetenv("GODEBUG"))
	exithook.Gosched = Gosched
	exithook.Goid = func() uint64 { return uint64(goid()) }
	exithook.Throw = throw
}

// Run when main.main has returned (C calls it) and by os.Exit.
func runExitHooks(code int) { exithook.Run(code) }

//go:linkname osBeforeExit os.runtime_beforeExit
func osBeforeExit(exitCode int) { runExitHooks(exitCode) }

// ---- GODEBUG as the standard library sees it

var (
	godebugUpdate    func(string, string)
	godebugIncNonDef func(string) func()
	godebugEnv       string
)

const godebugDefault = ""

//go:linkname godebugSetUpdate internal/godebug.setUpdate
func godebugSetUpdate(update func(string, string)) {
	godebugEnv = gogetenv("GODEBUG")
	godebugUpdate = update
	update(godebugDefault, godebugEnv)
}

//go:linkname godebugSetNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebugSetNewIncNonDefault(newIncNonDefault func(string) func()) {
	godebugIncNonDef = newIncNonDefault
}

//go:linkname godebugRegisterMetric internal/godebug.registerMetric
func godebugRegisterMetric(name string, read func() uint64) {
	godebugMetrics = append(godebugMetrics, godebugMetric{name, read})
}

type godebugMetric struct {
	name string
	read func() uint64
}

// time's tests look at it by linkname: sleeps of a millisecond are kept.
var haveHighResSleep = true

var godebugMetrics []godebugMetric

//go:linkname syscallSetenv syscall.runtimeSetenv
func syscallSetenv(key, value string) {
	if key == "GODEBUG" {
		godebugEnv = value
		if godebugUpdate != nil {
			godebugUpdate(godebugDefault, value)
		}
	}
}

//go:linkname syscallUnsetenv syscall.runtimeUnsetenv
func syscallUnsetenv(key string) { syscallSetenv(key, "") }

// ---- unsafe.Slice and its kin for reflect

//go:linkname reflectUnsafeslice reflect.unsafeslice
func reflectUnsafeslice(t unsafe.Pointer, ptr unsafe.Pointer, n int) {
	size := *(*uintptr)(t)
	switch {
	case n < 0:
		panicError("unsafe.Slice: len out of range")
	case ptr == nil:
		if n > 0 {
			panicError("unsafe.Slice: ptr is nil and len is not zero")
		}
	case size != 0 && uintptr(n) > -uintptr(ptr)/size:
		panicError("unsafe.Slice: len out of range")
	}
}

// Go's test fixedbugs/issue69110.go asks by linkname whether a map is growing into a table of the same size. Here a table is moved at once, never
// bit by bit.
func sameSizeGrowForIssue69110Test(m map[int]int) bool { return false }

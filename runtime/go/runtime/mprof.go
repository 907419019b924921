// Profiles: their interface is complete; goc samples nothing yet, so all but the goroutine and thread profiles are empty.

package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// MemProfileRate is the mean number of bytes between two samples of the memory profile.
var MemProfileRate int = 512 * 1024

// A StackRecord is the stack of one sample.
type StackRecord struct {
	Stack0 [32]uintptr // ends at the first 0
}

// Stack returns the used part.
func (r *StackRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[0:i]
		}
	}
	return r.Stack0[0:]
}

// A MemProfileRecord says how much was allocated at one stack.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

func (r *MemProfileRecord) InUseBytes() int64   { return r.AllocBytes - r.FreeBytes }
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }
func (r *MemProfileRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[0:i]
		}
	}
	return r.Stack0[0:]
}

// A BlockProfileRecord says how long goroutines waited at one stack.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// MemProfile returns no records.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// BlockProfile returns no records.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// MutexProfile returns no records.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// ThreadCreateProfile returns no records.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

func gstacks(pcs *uintptr, perG, max int) int // C: return addresses of all goroutines, perG words each; how many goroutines there are

// GoroutineProfile returns the stacks of all goroutines, if p has room for them.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	n = NumGoroutine()
	if n > len(p) {
		return n, false
	}
	buf := make([]uintptr, 32*(len(p)+1))
	n = gstacks(&buf[0], 32, len(p))
	if n > len(p) {
		return n, false
	}
	for i := 0; i < n; i++ {
		copy(p[i].Stack0[:], buf[32*i:32*i+32])
	}
	return n, true
}

var (
	blockProfileRate     int
	mutexProfileFraction int
	cpuProfileRate       int
)

// SetBlockProfileRate sets the rate of the (empty) block profile.
func SetBlockProfileRate(rate int) { blockProfileRate = rate }

// SetMutexProfileFraction sets the fraction of the (empty) mutex profile and returns the former one.
func SetMutexProfileFraction(rate int) int {
	old := mutexProfileFraction
	if rate >= 0 {
		mutexProfileFraction = rate
	}
	return old
}

// SetCPUProfileRate sets the rate of the (empty) CPU profile.
func SetCPUProfileRate(hz int) {
	if hz > 0 && cpuProfileRate > 0 {
		print("runtime: cannot set CPU profile rate until previous profile has finished.\n")
		return
	}
	cpuProfileRate = hz
}

// CPUProfile panics: it formerly returned chunks of a profile.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

//go:linkname pprofReadProfile runtime/pprof.readProfile
func pprofReadProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	return []uint64{3, 0, uint64(cpuProfileRate)}, make([]unsafe.Pointer, 1), true
}

//go:linkname pprofCyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprofCyclesPerSecond() int64 { return 1000000000 }

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	n = NumGoroutine()
	if n > len(p) {
		return n, false
	}
	buf := make([]uintptr, 128*(len(p)+1))
	n = gstacks(&buf[0], 128, len(p))
	if n > len(p) {
		return n, false
	}
	for i := 0; i < n; i++ {
		s := buf[128*i : 128*i+128]
		k := 0
		for k < len(s) && s[k] != 0 {
			k++
		}
		p[i].Stack = s[:k:k]
	}
	return n, true
}

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

//go:linkname pprof_makeProfStack
func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }

// ---- execution traces: not supported

// StartTrace reports that goc has no execution tracer.
func StartTrace() error { return errorString("execution tracing is not supported by goc") }

// StopTrace does nothing.
func StopTrace() {}

// ReadTrace returns nil: there is no trace.
func ReadTrace() []byte { return nil }

//go:linkname traceUserTaskCreate runtime/trace.userTaskCreate
func traceUserTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname traceUserTaskEnd runtime/trace.userTaskEnd
func traceUserTaskEnd(id uint64) {}

//go:linkname traceUserRegion runtime/trace.userRegion
func traceUserRegion(id, mode uint64, name string) {}

//go:linkname traceUserLog runtime/trace.userLog
func traceUserLog(id uint64, category, message string) {}

// SetCgoTraceback is for cgo, which goc does not have.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

// Memory: collections, statistics, finalizers, pinning.

package runtime

import "unsafe"

// GC runs a collection and returns when all is swept.
func GC()

// SetFinalizer makes finalizer run, with obj, when obj is no longer reachable; a nil finalizer removes it.
func SetFinalizer(obj any, finalizer any) {
	e := (*eface)(unsafe.Pointer(&obj))
	if e.typ == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if e.typ.kind&kindMask != kindPointer {
		throw("runtime.SetFinalizer: first argument is " + typestring(unsafe.Pointer(e.typ)) + ", not pointer")
	}
	ot := (*ptrType)(unsafe.Pointer(e.typ))
	if ot.elem == nil {
		throw("nil elem type!")
	}
	if e.data == nil {
		throw("runtime.SetFinalizer: pointer is nil")
	}
	f := (*eface)(unsafe.Pointer(&finalizer))
	base := findobject(e.data)
	if base == nil {
		if heapstatic(e.data) != 0 { // a global, or a zero-sized object: it never dies
			if f.typ != nil {
				checkFinalizer(f, ot)
			}
			return
		}
		throw("runtime.SetFinalizer: pointer not in heap")
	}
	if e.data != base {
		// Inside a block of tiny objects any address is fine.
		if ot.elem == nil || ot.elem.ptrdata != 0 || ot.elem.size >= 16 {
			throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
		}
	}
	if f.typ == nil {
		removefinalizer(e.data)
		return
	}
	fint, nret := checkFinalizer(f, ot)
	createfing()
	if !addfinalizer(e.data, f.data, nret, unsafe.Pointer(fint), unsafe.Pointer(ot)) {
		throw("runtime.SetFinalizer: finalizer already set")
	}
}

// The type of f's parameter, and the bytes of its results.
func checkFinalizer(f *eface, ot *ptrType) (fint *rtype, nret uintptr) {
	if f.typ.kind&kindMask != kindFunc {
		throw("runtime.SetFinalizer: second argument is " + typestring(unsafe.Pointer(f.typ)) + ", not a function")
	}
	ft := (*funcType)(unsafe.Pointer(f.typ))
	if ft.outCount&(1<<15) != 0 {
		throw("runtime.SetFinalizer: cannot pass " + typestring(unsafe.Pointer(ot)) + " to finalizer " + typestring(unsafe.Pointer(f.typ)) + " because dotdotdot")
	}
	bad := func() {
		throw("runtime.SetFinalizer: cannot pass " + typestring(unsafe.Pointer(ot)) + " to finalizer " + typestring(unsafe.Pointer(f.typ)))
	}
	if ft.inCount != 1 {
		bad()
	}
	args := ft.args()
	fint = args[0]
	switch {
	case unsafe.Pointer(fint) == unsafe.Pointer(ot):
	case fint.kind&kindMask == kindPointer:
		// Assignable without being the same: one of the two is unnamed and the elements are the same.
		if fint.tflag&tflagNamed != 0 && ot.tflag&tflagNamed != 0 || (*ptrType)(unsafe.Pointer(fint)).elem != ot.elem {
			bad()
		}
	case fint.kind&kindMask == kindInterface:
		if (*interfaceType)(unsafe.Pointer(fint)).nmethods != 0 && !implements(unsafe.Pointer(fint), unsafe.Pointer(ot)) {
			bad()
		}
	default:
		bad()
	}
	for _, t := range args[1:] {
		nret = (nret + uintptr(t.align) - 1) &^ (uintptr(t.align) - 1)
		nret += t.size
	}
	return fint, (nret + 7) &^ 7
}

func addfinalizer(p unsafe.Pointer, fn unsafe.Pointer, nret uintptr, fint, ot unsafe.Pointer) bool
func removefinalizer(p unsafe.Pointer)
func createfing()
func findobject(p unsafe.Pointer) unsafe.Pointer // the heap object that p points into, nil: none
func heapstatic(p unsafe.Pointer) int            // p is in the program's data, or is the address of zero-sized objects
func implements(inter, t unsafe.Pointer) bool

// ---- descriptors, as far as this package looks at them

type eface struct {
	typ  *rtype
	data unsafe.Pointer
}

type rtype struct {
	size, ptrdata    uintptr
	hash             uint32
	tflag            uint8
	align, fieldAlgn uint8
	kind             uint8
	equal            unsafe.Pointer
	gcdata           unsafe.Pointer
	str, ptrToThis   int32
}

type ptrType struct {
	rtype
	elem *rtype
}

type funcType struct {
	rtype
	inCount, outCount uint16
}

type interfaceType struct {
	rtype
	pkgpath       unsafe.Pointer
	methods       unsafe.Pointer
	nmethods, cap int
}

const (
	kindMask      = 1<<5 - 1
	kindFunc      = 19
	kindInterface = 20
	kindPointer   = 22

	tflagUncommon = 1
	tflagNamed    = 4
)

// Parameter and result types.
func (t *funcType) args() []*rtype {
	off := unsafe.Sizeof(*t)
	if t.tflag&tflagUncommon != 0 {
		off += 16
	}
	n := int(t.inCount) + int(t.outCount&(1<<15-1))
	return unsafe.Slice((**rtype)(unsafe.Add(unsafe.Pointer(t), off)), n)
}

// ---- statistics

// A MemStats is a snapshot of the allocator's counters.
type MemStats struct {
	// In general
	Alloc      uint64 // bytes of live objects and of dead ones not yet swept
	TotalAlloc uint64 // bytes of all objects ever
	Sys        uint64 // bytes that the runtime has from the system
	Lookups    uint64 // 0
	Mallocs    uint64 // objects allocated
	Frees      uint64 // objects freed

	// Heap
	HeapAlloc    uint64 // as Alloc
	HeapSys      uint64 // bytes of pages taken for the heap
	HeapIdle     uint64 // bytes of free pages
	HeapInuse    uint64 // bytes of pages with objects
	HeapReleased uint64 // bytes of free pages given back
	HeapObjects  uint64 // objects

	// Stacks and the runtime's own structures
	StackInuse  uint64
	StackSys    uint64
	MSpanInuse  uint64
	MSpanSys    uint64
	MCacheInuse uint64
	MCacheSys   uint64
	BuckHashSys uint64
	GCSys       uint64
	OtherSys    uint64

	// The collector
	NextGC        uint64 // heap size at which the next collection starts
	LastGC        uint64 // when the last one ended, ns since 1970
	PauseTotalNs  uint64
	PauseNs       [256]uint64 // of the last collections, [(NumGC+255)%256] is the newest
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool

	BySize [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m, with the world stopped.
func ReadMemStats(m *MemStats) { readmemstats(m) }

//go:noescape
func readmemstats(m *MemStats)

// ---- pinning: nothing moves, so it only keeps objects alive

// A Pinner keeps objects alive and in place until Unpin.
type Pinner struct {
	*pinner
}

type pinner struct {
	refs []unsafe.Pointer
}

// Pin pins the object that pointer, a pointer or an unsafe.Pointer, points to.
func (p *Pinner) Pin(pointer any) {
	e := (*eface)(unsafe.Pointer(&pointer))
	if e.typ == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if k := e.typ.kind & kindMask; k != kindPointer && k != 26 {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + typestring(unsafe.Pointer(e.typ))))
	}
	if p.pinner == nil {
		p.pinner = new(pinner)
		SetFinalizer(p.pinner, func(i *pinner) {
			if len(i.refs) != 0 {
				i.refs = nil
				panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin?"))
			}
		})
	}
	p.pinner.refs = append(p.pinner.refs, e.data)
}

// Unpin unpins all that p has pinned.
func (p *Pinner) Unpin() {
	if p.pinner != nil {
		p.pinner.refs = nil
	}
}

// ---- runtime/debug

//go:linkname debugReadGCStats runtime/debug.readGCStats
func debugReadGCStats(pauses *[]uint64) {
	// As runtime/debug unpacks it: n pauses, newest first, n ends, then last collection, their number, and the total pause.
	p := (*pauses)[:cap(*pauses)]
	var m MemStats
	readmemstats(&m)
	n := int(m.NumGC)
	if n > len(m.PauseNs) {
		n = len(m.PauseNs)
	}
	for i := 0; i < n; i++ {
		j := (int(m.NumGC) - 1 - i) % len(m.PauseNs)
		p[i] = m.PauseNs[j]
		p[n+i] = m.PauseEnd[j]
	}
	p[2*n] = m.LastGC
	p[2*n+1] = uint64(m.NumGC)
	p[2*n+2] = m.PauseTotalNs
	*pauses = p[:2*n+3]
}

//go:linkname debugModinfo runtime/debug.modinfo
func debugModinfo() string { return modinfo() }
func modinfo() string // C: what the driver linked in

//go:linkname debugWriteHeapDump runtime/debug.WriteHeapDump
func debugWriteHeapDump(fd uintptr) {
	throw("runtime/debug.WriteHeapDump is not supported by goc")
}

//go:linkname debugSetCrashFD runtime.setCrashFD
func debugSetCrashFD(fd uintptr) uintptr {
	old := crashFD
	crashFD = fd
	return old
}

var crashFD = ^uintptr(0)

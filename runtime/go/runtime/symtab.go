// From program counters to functions, files and lines: Caller, Callers, Frames, Func.

package runtime

import "unsafe"

// What the C side knows about one frame at a pc (trace.c, struct GoFrame).
type pcFrame struct {
	name, file string
	line       int
	entry      uintptr
	startLine  int
	inlined    uintptr // not 0: inlined into the next one
}

func callers(skip int, pcs *uintptr, n int) int      // C: return addresses; skip 0: the caller of callers
func pcframe(pc uintptr, i int, out *pcFrame) int    // C: the i-th frame, innermost first, at a return address; 0: none
func stacktext(buf unsafe.Pointer, n, all int) int   // C: a traceback as text

// Names of frames as Go programs expect them; false: a frame of the C part that is not shown.
func frameName(name string) (string, bool) {
	if name == "runtime_main_go" {
		return "runtime.main", true
	}
	for i := 0; i < len(name); i++ {
		if name[i] == '.' {
			return name, true
		}
	}
	return name, false
}

// Callers fills pc with the return addresses of the calling goroutine's frames; skip 0 is Callers itself, 1 its caller.
//
//go:noinline
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return callers(skip, &pc[0], len(pc))
}

// Caller reports file and line of the caller (skip 0) or of one of its callers.
//
//go:noinline
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, &pcs[0], 1) < 1 {
		return
	}
	var f pcFrame
	if pcframe(pcs[0], 0, &f) == 0 {
		return pcs[0], "", 0, false
	}
	return pcs[0], f.file, f.line, true // with its mark of inlined frames to skip, so that FuncForPC finds the same one
}

// A Frame is one function activation that Frames yields.
type Frame struct {
	PC       uintptr // program counter, at the call
	Func     *Func   // nil for a function that was inlined or is not Go's
	Function string  // full name, "" if unknown
	File     string
	Line     int

	startLine int // of the function

	Entry uintptr // of the function, 0 if unknown
}

// Frames goes through the frames that the return addresses of a call of Callers stand for, inlined ones included.
type Frames struct {
	callers []uintptr
	queue   []Frame
}

// CallersFrames prepares to go through callers' result.
func CallersFrames(callers []uintptr) *Frames {
	return &Frames{callers: callers}
}

func (ci *Frames) fill() {
	for len(ci.queue) < 2 && len(ci.callers) > 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		for i := 0; ; i++ {
			var f pcFrame
			if pcframe(pc, i, &f) == 0 {
				break
			}
			name, ok := frameName(f.name)
			if !ok {
				continue
			}
			fr := Frame{PC: pc&(1<<48-1) - 1, Function: name, File: f.file, Line: f.line, startLine: f.startLine, Entry: f.entry}
			if f.inlined == 0 {
				fr.Func = newFunc(name, &f)
			}
			ci.queue = append(ci.queue, fr)
		}
	}
}

// Next returns the next frame and whether there are more; a Frame without PC: there was none.
func (ci *Frames) Next() (frame Frame, more bool) {
	ci.fill()
	if len(ci.queue) == 0 {
		return Frame{}, false
	}
	frame = ci.queue[0]
	ci.queue = ci.queue[1:]
	return frame, len(ci.queue) > 0
}

// A Func is a function of the running program.
type Func struct {
	opaque struct{} // a funcInfo begins with it
}

type funcInfo struct {
	Func
	name, file string
	entry      uintptr
	startLine  int
}

func newFunc(name string, f *pcFrame) *Func {
	return &(&funcInfo{name: name, file: f.file, entry: f.entry, startLine: f.startLine}).Func
}

func (f *Func) info() *funcInfo { return (*funcInfo)(unsafe.Pointer(f)) }

// FuncForPC returns the function that contains pc, or nil.
func FuncForPC(pc uintptr) *Func {
	var f pcFrame
	// pc is an entry (of a func value) or a return address: the byte behind it first, so that an entry is its own function's.
	if pcframe(pc+1, 0, &f) == 0 || f.entry != pc {
		if pcframe(pc, 0, &f) == 0 {
			return nil
		}
	}
	name, _ := frameName(f.name)
	return newFunc(name, &f)
}

// Name returns the function's full name.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.info().name
}

// Entry returns the address of the function's code.
func (f *Func) Entry() uintptr { return f.info().entry }

// FileLine returns file and line of pc in f.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	var fr pcFrame
	if pc == f.info().entry {
		return f.info().file, f.info().startLine
	}
	if pcframe(pc+1, 0, &fr) == 0 {
		return "?", 0
	}
	return fr.file, fr.line
}

// Stack writes a traceback of the calling goroutine, or of all, and returns how many bytes it wrote.
//
//go:noinline
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	a := 0
	if all {
		a = 1
	}
	return stacktext(unsafe.Pointer(&buf[0]), len(buf), a)
}

//go:linkname pprofFrameStartLine runtime/pprof.runtime_FrameStartLine
func pprofFrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprofFrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprofFrameSymbolName(f *Frame) string { return f.Function }

//go:linkname pprofExpandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprofExpandFinalInlineFrame(stk []uintptr) []uintptr { return stk }

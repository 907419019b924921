// runtime/metrics: read from MemStats and a few counters; a metric that goc does not keep has the kind "bad", as an unknown name has.

package runtime

import (
	"internal/coverage/rtcov"
	"unsafe"
)

type metricSample struct {
	name  string
	value metricValue
}

type metricValue struct {
	kind    int // 0 bad, 1 uint64, 2 float64, 3 *Float64Histogram
	scalar  uint64
	pointer unsafe.Pointer
}

type metricHistogram struct { // runtime/metrics.Float64Histogram
	counts  []uint64
	buckets []float64
}

//go:linkname metricsRead runtime/metrics.runtime_readMetrics
func metricsRead(samplesp unsafe.Pointer, n int, cap int) {
	var m MemStats
	readmemstats(&m)
	for i, s := range unsafe.Slice((*metricSample)(samplesp), n) {
		v := &unsafe.Slice((*metricSample)(samplesp), n)[i].value
		*v = metricValue{}
		if h := metricBySize(s.name, &m); h != nil {
			*v = metricValue{kind: 3, pointer: unsafe.Pointer(h)}
		} else if u, ok := metricScalar(s.name, &m); ok {
			*v = metricValue{kind: 1, scalar: u}
		}
	}
}

func metricScalar(name string, m *MemStats) (uint64, bool) {
	switch name {
	case "/cgo/go-to-c-calls:calls":
		return 0, true
	case "/gc/cycles/automatic:gc-cycles":
		return uint64(m.NumGC - m.NumForcedGC), true
	case "/gc/cycles/forced:gc-cycles":
		return uint64(m.NumForcedGC), true
	case "/gc/cycles/total:gc-cycles":
		return uint64(m.NumGC), true
	case "/gc/gogc:percent":
		return uint64(gcsetting(0)), true
	case "/gc/gomemlimit:bytes":
		return uint64(gcsetting(1)), true
	case "/gc/heap/live:bytes":
		return uint64(gcsetting(2)), true
	case "/gc/heap/allocs:bytes":
		return m.TotalAlloc, true
	case "/gc/heap/allocs:objects":
		return m.Mallocs - uint64(gcsetting(3)), true
	case "/gc/heap/frees:bytes":
		return m.TotalAlloc - m.Alloc, true
	case "/gc/heap/frees:objects":
		return m.Frees - uint64(gcsetting(3)), true
	case "/gc/heap/goal:bytes":
		return m.NextGC, true
	case "/gc/heap/objects:objects":
		return m.HeapObjects, true
	case "/gc/heap/tiny/allocs:objects":
		return uint64(gcsetting(3)), true
	case "/memory/classes/heap/free:bytes":
		return m.HeapIdle - m.HeapReleased, true
	case "/memory/classes/heap/objects:bytes":
		return m.HeapAlloc, true
	case "/memory/classes/heap/released:bytes":
		return m.HeapReleased, true
	case "/memory/classes/heap/stacks:bytes":
		return m.StackInuse, true
	case "/memory/classes/heap/unused:bytes":
		return m.HeapInuse - m.HeapAlloc, true
	case "/memory/classes/metadata/mcache/free:bytes", "/memory/classes/metadata/mcache/inuse:bytes",
		"/memory/classes/metadata/mspan/free:bytes", "/memory/classes/metadata/mspan/inuse:bytes",
		"/memory/classes/os-stacks:bytes", "/memory/classes/profiling/buckets:bytes":
		return 0, true
	case "/memory/classes/metadata/other:bytes":
		return m.GCSys, true
	case "/memory/classes/other:bytes":
		return m.OtherSys, true
	case "/memory/classes/total:bytes":
		return m.Sys, true
	case "/sched/gomaxprocs:threads":
		return uint64(GOMAXPROCS(0)), true
	case "/sched/goroutines:goroutines":
		return uint64(NumGoroutine()), true
	}
	for _, g := range godebugMetrics {
		if g.name == name {
			return g.read(), true
		}
	}
	return 0, false
}

// The allocations and frees by size class, and the pauses of the last 256 collections.
func metricBySize(name string, m *MemStats) *metricHistogram {
	h := new(metricHistogram)
	switch name {
	case "/gc/heap/allocs-by-size:bytes", "/gc/heap/frees-by-size:bytes":
		h.buckets = append(h.buckets, 1)
		for i := 1; i < len(m.BySize); i++ {
			n := m.BySize[i].Mallocs
			if name[9] == 'f' {
				n = m.BySize[i].Frees
			}
			h.counts = append(h.counts, n)
			h.buckets = append(h.buckets, float64(m.BySize[i].Size+1))
		}
	case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds", "/sched/pauses/stopping/gc:seconds":
		b := 1e-6
		h.buckets = append(h.buckets, 0)
		for i := 0; i < 24; i++ {
			h.buckets = append(h.buckets, b)
			b *= 2
		}
		h.counts = make([]uint64, len(h.buckets)-1)
		n := min(int(m.NumGC), len(m.PauseNs))
		for _, ns := range m.PauseNs[:n] {
			i := 0
			for i < len(h.counts)-1 && float64(ns)/1e9 >= h.buckets[i+1] {
				i++
			}
			h.counts[i]++
		}
	default:
		return nil
	}
	return h
}

func gcsetting(which int) int64 // C: GOGC, memory limit, bytes marked live, tiny allocations

// Coverage: goc does not instrument.
//
//go:linkname coverCounters internal/coverage/cfile.getCovCounterList
func coverCounters() []rtcov.CovCounterBlob { return nil }

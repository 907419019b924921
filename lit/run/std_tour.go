// A walk through the standard library: flag, log, context, gzip, regexp, template, big, sync, maps, iter, bufio, files, time.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"
	"unique"
	"maps"
	"slices"
	"iter"
)

func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func main() {
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	n := fs.Int("n", 3, "number")
	fmt.Println(fs.Parse([]string{"-n", "5", "rest"}), *n, fs.Args())
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	log.Println("logged")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	zw.Write([]byte(strings.Repeat("hello gzip ", 1000)))
	zw.Close()
	zr, err := gzip.NewReader(&buf)
	if err != nil {
		fmt.Println(err)
	}
	b, _ := io.ReadAll(zr)
	fmt.Println(len(b), string(b[:10]))
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	fmt.Println(re.FindStringSubmatch("mail bob@example.com now"), re.ReplaceAllString("a@b.com", "$2"))
	t := template.Must(template.New("t").Parse("{{range $i, $e := .}}{{if $i}}, {{end}}{{$e | printf \"%03d\"}}{{end}}\n"))
	t.Execute(os.Stdout, []int{1, 2, 3})
	x := new(big.Int).Exp(big.NewInt(3), big.NewInt(200), nil)
	fmt.Println(x)
	var wg sync.WaitGroup
	var cnt atomic.Int64
	for i := range 100 {
		wg.Add(1)
		go func() { defer wg.Done(); time.Sleep(time.Millisecond); cnt.Add(int64(i)) }()
	}
	wg.Wait()
	fmt.Println(cnt.Load())
	h1, h2 := unique.Make("abc"+fmt.Sprint(1)), unique.Make("abc1")
	fmt.Println(h1 == h2, h1.Value())
	runtime.GC()
	debug.FreeOSMemory()
	fmt.Println(debug.SetGCPercent(50), debug.SetGCPercent(100))
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	fmt.Println(slices.Sorted(maps.Keys(m)), maps.Clone(m))
	next, stop := iter.Pull(seq(3))
	for {
		v, ok := next()
		if !ok {
			break
		}
		fmt.Print(v, " ")
	}
	stop()
	fmt.Println()
	sc := bufio.NewScanner(strings.NewReader("l1\nl2\n"))
	for sc.Scan() {
		fmt.Println(sc.Text())
	}
	f, err := os.CreateTemp("", "goc")
	fmt.Fprintln(f, "content")
	f.Close()
	d, _ := os.ReadFile(f.Name())
	os.Remove(f.Name())
	fmt.Printf("%q\n", d)
	_, err = os.Open("/nonexistent")
	fmt.Println(err)
	tm := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	fmt.Println(tm.AddDate(1, 0, 0).Format(time.RFC1123), tm.Weekday())
	tk := time.NewTicker(time.Millisecond)
	for range 3 {
		<-tk.C
	}
	tk.Stop()
	select {
	case <-time.After(time.Millisecond):
		fmt.Println("after")
	}
	p := sync.Pool{New: func() any { return 1 }}
	p.Put(2)
	fmt.Println(p.Get() != nil)
	var once sync.Once
	once.Do(func() { fmt.Println("once") })
	pc, file, line, ok := runtime.Caller(0)
	fmt.Println(runtime.FuncForPC(pc).Name(), file[len(file)-7:], line, ok)
	fmt.Println(runtime.GOOS, runtime.Compiler)
	defer func() {
		fmt.Println(recover())
		os.Exit(0)
	}()
	var mp map[string]int
	mp["x"] = 1
}

// RUN: %goc build -o %t %s && %t 2>&1 | FileCheck %s
// Sockets with deadlines, child processes, signals, coroutines, threads of their own.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

func echo(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			io.Copy(c, c)
		}()
	}
}

func sockets() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go echo(l)
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				fmt.Println(err)
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			for k := 0; k < 20; k++ {
				fmt.Fprintf(c, "%d\n", i*k)
				var got int
				s, _ := r.ReadString('\n')
				fmt.Sscan(s, &got)
				mu.Lock()
				sum += got
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	fmt.Println("sum", sum)
	c, _ := net.Dial("tcp", l.Addr().String())
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	fmt.Println("deadline", errors.Is(err, os.ErrDeadlineExceeded))
	go func() { time.Sleep(10 * time.Millisecond); c.Close() }()
	c.SetReadDeadline(time.Time{})
	_, err = c.Read(make([]byte, 1))
	fmt.Println("closed", errors.Is(err, net.ErrClosed))
	l.Close()
}

func children() {
	out, err := exec.Command("echo", "from a child").Output()
	fmt.Print(string(out))
	cmd := exec.Command("cat")
	cmd.Stdin = strings.NewReader(strings.Repeat("x", 100000))
	out, err = cmd.Output()
	fmt.Println("cat", len(out), err)
	err = exec.Command("sh", "-c", "exit 3").Run()
	fmt.Println(err)
	_, err = exec.Command("/no/such/program").Output()
	fmt.Println(err)
}

func signals() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
	fmt.Println(<-c)
	signal.Stop(c)
	r, w, _ := os.Pipe()
	go func() { time.Sleep(5 * time.Millisecond); w.Write([]byte("pipe")); w.Close() }()
	b, _ := io.ReadAll(r)
	fmt.Println(string(b))
}

func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func coroutines() {
	next, stop := iter.Pull(seq(1000))
	s := 0
	for {
		v, ok := next()
		if !ok {
			break
		}
		s += v
	}
	stop()
	next, stop = iter.Pull(seq(10))
	next()
	stop()
	_, ok := next()
	fmt.Println("pull", s, ok)
}

func threads() {
	done := make(chan int)
	go func() {
		runtime.LockOSThread()
		tid := syscall.Gettid()
		for i := 0; i < 100; i++ {
			time.Sleep(10 * time.Microsecond)
			if syscall.Gettid() != tid {
				fmt.Println("moved")
			}
		}
		runtime.UnlockOSThread()
		done <- 1
	}()
	fmt.Println("locked", <-done)
}

func main() {
	sockets()
	children()
	signals()
	coroutines()
	threads()
}

// CHECK: sum 232750
// CHECK: deadline true
// CHECK: closed true
// CHECK: from a child
// CHECK: cat 100000 <nil>
// CHECK: exit status 3
// CHECK: no such file or directory
// CHECK: user defined signal 1
// CHECK: pipe
// CHECK: pull 499500 false
// CHECK-NOT: moved
// CHECK: locked 1

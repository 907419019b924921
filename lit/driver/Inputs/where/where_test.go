package where

import (
	"os"
	"testing"
)

var early = testing.Testing()

func TestPWD(t *testing.T) {
	if !testing.Testing() || !early {
		t.Error("testing.Testing() is false")
	}
	wd, err := os.Getwd()
	a, err1 := os.Stat(wd)
	b, err2 := os.Stat(os.Getenv("PWD"))
	if err != nil || err1 != nil || err2 != nil || !os.SameFile(a, b) {
		t.Fatal(wd, os.Getenv("PWD"))
	}
}

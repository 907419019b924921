// Package where has a test that looks at its folder.
package where

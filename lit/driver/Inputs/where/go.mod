module where

go 1.23

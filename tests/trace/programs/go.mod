module example.test/programs

go 1.21

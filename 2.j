local f(n)= if n==0 then {} else {a: f(n-1)}; f(100000)

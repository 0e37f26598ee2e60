// Most of a test's time here is waiting for a process, a timeout or a database: with a test for each of two cores,
// a third of the processor time was idle.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]

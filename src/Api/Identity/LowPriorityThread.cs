using System.Runtime.InteropServices;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Gives a thread only the processor time that no other thread wants. .NET's own thread priority has no effect on
/// Linux, where a thread has a scheduling policy instead (sched(7)).
/// </summary>
internal static partial class LowPriorityThread
{
    private const int SchedIdle = 5; // from Linux' sched.h
    private const int ThisThread = 0;

    /// <summary>
    /// Sets the calling thread's policy to SCHED_IDLE for the rest of its life: other threads preempt it when they wake
    /// up. It needs no privilege. On other systems, and where it is refused, nothing changes.
    /// </summary>
    public static void GiveWay()
    {
        var noPriority = 0; // the only priority of this policy
        if (OperatingSystem.IsLinux()) _ = SetScheduler(ThisThread, SchedIdle, in noPriority);
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}

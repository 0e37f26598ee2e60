using System.Runtime.InteropServices;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Lets a thread have the time that nobody else wants. .NET's own thread priority does nothing on Linux, where a thread has a
/// scheduling policy instead (sched(7)).
/// </summary>
internal static partial class LowPriorityThread
{
    private const int SchedIdle = 5; // from Linux' sched.h
    private const int ThisThread = 0;

    /// <summary>
    /// Makes the thread that calls it give way to all others, for good: a thread that wakes up need not wait for it. Needs no
    /// right. Elsewhere than on Linux, and where it is refused, nothing changes.
    /// </summary>
    public static void GiveWay()
    {
        var noPriority = 0; // the only one of this policy
        if (OperatingSystem.IsLinux()) _ = SetScheduler(ThisThread, SchedIdle, in noPriority);
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}

using System.Runtime.InteropServices;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Lets a thread give way to all others. .NET's own thread priority does nothing on Linux, where a thread has a nice value
/// (setpriority(2), "C library/kernel differences").
/// </summary>
internal static partial class ThreadNice
{
    private const int PrioProcess = 0; // from Linux' sys/resource.h
    private const int ThisThread = 0;

    /// <summary>
    /// The kernel's weight of 110 against the 1,024 of an ordinary thread (sched(7)): a tenth of a core that others want
    /// too, and all of one that nobody wants.
    /// </summary>
    public const int Polite = 10;

    /// <summary>Makes the thread that calls it polite. Elsewhere than on Linux, and when it is refused, nothing changes.</summary>
    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(PrioProcess, ThisThread, Polite);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);
}

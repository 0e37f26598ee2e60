using BoxOffice.Grains.Hosting;

namespace BoxOffice.Api.Hosting;

/// <summary>Whether operators may register members and issue tokens for load tests.</summary>
internal sealed record LoadTestMode(bool IsOn)
{
    /// <summary>The line of the console and the log that says that it is on.</summary>
    public const string Notice = "LOAD TEST is on: operators can register members and issue their tokens without a "
        + "login. Before a real sale set BoxOffice__LoadTest=false.";

    /// <summary>Warns at the start when it is on.</summary>
    public static LoadTestMode Of(bool isOn, StartupWarnings warnings)
    {
        if (isOn) warnings.Add(Notice);
        return new(isOn);
    }
}

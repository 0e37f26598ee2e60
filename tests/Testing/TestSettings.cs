using System.Globalization;

namespace BoxOffice.Testing;

/// <summary>The settings of silos and front-ends that tests start.</summary>
public static class TestSettings
{
    /// <summary>
    /// Settings for processes with free ports, and further ones: by their names in the section BoxOffice, or as full
    /// environment variables.
    /// </summary>
    public static Dictionary<string, string> With(params IEnumerable<(string Key, string Value)> settings)
    {
        var all = new Dictionary<string, string>
        {
            ["BoxOffice__OperatorPassword"] = BoxOfficeHost.OperatorPassword,
            ["BoxOffice__TokenKey"] = BoxOfficeHost.TokenKey,
            ["BoxOffice__PasswordIterations"] = "1000", // hashing is cheap: tests do not measure it
            ["BoxOffice__LoadTest"] = "true", // members and their tokens come from operators
            ["BoxOffice__DrainDelay"] = "00:00:00", // no load balancer needs time to notice
            ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in settings)
            all[key.Contains('_', StringComparison.Ordinal) ? key : "BoxOffice__" + key] = value;
        return all;
    }
}

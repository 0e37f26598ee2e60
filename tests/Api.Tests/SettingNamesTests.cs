using BoxOffice.Grains.Hosting;
using Microsoft.Extensions.Configuration;

namespace BoxOffice.Api.Tests;

/// <summary>A mistyped setting is named at the start; a known one never is, whichever program gets it.</summary>
public sealed class SettingNamesTests
{
    [Fact]
    public void A_silo_knows_the_name_of_every_setting_of_a_front_end()
    {
        var warnings = new StartupWarnings();

        SettingNames.Check(
            Configured([.. typeof(ApiOptions).GetProperties()
                .Where(property => property.CanWrite).Select(property => property.Name)]),
            warnings);

        Assert.Empty(warnings.All);
    }

    [Theory, InlineData("siloport"), InlineData("SILOPORT"), InlineData("DataDirectory")]
    public void The_case_of_a_name_does_not_matter(string name)
    {
        var warnings = new StartupWarnings();

        SettingNames.Check(Configured(name), warnings);

        Assert.Empty(warnings.All);
    }

    [Theory]
    [InlineData("HeadTrustFor", "HeadTrustedFor")]
    [InlineData("OperatorPasword", "OperatorPassword")]
    [InlineData("SiloPorts", "SiloPort")]
    public void The_warning_names_the_known_setting_that_it_resembles(string name, string known)
    {
        var warnings = new StartupWarnings();

        SettingNames.Check(Configured(name), warnings);

        Assert.Equal(
            [$"BoxOffice__{name} is not a setting that this version knows, and is ignored: did you mean "
                + $"BoxOffice__{known}?"],
            warnings.All);
    }

    private static IConfigurationRoot Configured(params string[] names) => new ConfigurationBuilder()
        .AddInMemoryCollection(names.Select(name => KeyValuePair.Create($"BoxOffice:{name}", (string?)"1")))
        .Build();
}

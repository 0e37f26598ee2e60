using BoxOffice.Grains;
using BoxOffice.Silo;

try
{
    await SiloHost.RunAsync(await SiloHost.BuildAsync(args));
    return 0;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

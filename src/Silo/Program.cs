using BoxOffice.Grains;
using BoxOffice.Silo;

try
{
    return await SiloHost.RunAsync(await SiloHost.BuildAsync(args)) ? 0 : 1;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

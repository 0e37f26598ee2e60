using BoxOffice.Grains;
using BoxOffice.SabotagedSilo;
using BoxOffice.Silo;

try
{
    var mechanism = Mechanism.ToTakeOut();
    var host = await SiloHost.BuildAsync(args, silo => silo.Decorate(mechanism));
    if (mechanism == Mechanism.PrimaryKeyFence) await PrimaryKey.DropAsync(host);
    await SiloHost.RunAsync(host);
    return 0;
}
catch (StartupException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

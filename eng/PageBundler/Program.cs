using BoxOffice.Pages;

// BoxOffice.PageBundler SOURCE OUTPUT VERSION: started by the build of src/Api.
if (args is not [var source, var output, var version])
{
    Console.Error.WriteLine("usage: BoxOffice.PageBundler SOURCE OUTPUT VERSION");
    return 2;
}
try
{
    PageBundle.Write(source, output, version);
    return 0;
}
catch (Exception e) when (e is PageException or IOException)
{
    Console.Error.WriteLine($"pages : error PAGES : {e.Message}"); // the form that MSBuild takes for an error
    return 1;
}

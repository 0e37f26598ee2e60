using BoxOffice.Pages;

// BoxOffice.PageBundler SOURCE OUTPUT: started by the build of src/Api.
if (args is not [var source, var output])
{
    Console.Error.WriteLine("usage: BoxOffice.PageBundler SOURCE OUTPUT");
    return 2;
}
try
{
    PageBundle.Write(source, output);
    return 0;
}
catch (Exception e) when (e is PageException or IOException)
{
    Console.Error.WriteLine($"pages : error PAGES : {e.Message}"); // the form that MSBuild takes for an error
    return 1;
}
